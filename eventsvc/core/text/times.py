"""Times as they come in and go out: instants, wall times, dates, zones (api.md §5)."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from marshmallow.utils import get_value

from eventsvc.core.text.characters import ValueRefused
from eventsvc.core.text.strict import Integer, Strict, expect_text

FIRST_YEAR, LAST_YEAR = 2000, 2100
"""Years an instant may lie in (security.md row 26)."""

_DAY = r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
_DATE = re.compile(_DAY)
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_LOCAL = re.compile(_DAY + r"T([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?")
_INSTANT = re.compile(
    _DAY + r"[Tt]([0-9]{2}):([0-9]{2}):([0-9]{2})(\.[0-9]{1,20})?"
    r"(?:([Zz])|([+-])([01][0-9]|2[0-3]):([0-5][0-9]))?"
)
_OFFSET = re.compile(r"T[0-9:.]{5,20}(?:Z|[+-][0-9:]{2,5})$")
_LONGEST = 60


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """The IANA names this server knows: those with a ``/`` (aliases too), and ``UTC``."""
    return frozenset(name for name in available_timezones() if "/" in name or name == "UTC")


def utc_instant(moment: dt.datetime) -> str:
    """An aware datetime as ``YYYY-MM-DDTHH:MM:SSZ``. Raises ``ValueError`` if it is naive."""
    if moment.tzinfo is None:
        raise ValueError("an instant needs an offset")
    plain = moment.astimezone(dt.UTC).replace(tzinfo=None)
    return plain.isoformat(timespec="seconds") + "Z"


def zoned_instant(moment: dt.datetime, zone: str) -> str:
    """An aware datetime as it is written in ``zone`` (IANA name), with offset: api.md §5.

    ``2027-05-05T09:00:00+02:00``; in ``UTC`` with ``Z``. Raises ``ValueError`` if it is naive,
    ``ZoneInfoNotFoundError`` for a zone that ``Zone`` would refuse.
    """
    if zone == "UTC" or moment.tzinfo is None:
        return utc_instant(moment)
    return moment.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")


def read_instant(value: Any) -> dt.datetime:
    """An RFC 3339 text as aware UTC datetime. Raises ``ValueRefused``, codes as ``Instant``."""
    text = expect_text(value)
    found = _INSTANT.fullmatch(text) if len(text) <= _LONGEST else None
    if not found:
        raise ValueRefused("invalid-instant", "Write it like 2027-05-05T09:00:00+02:00")
    *numbers, fraction, utc, sign, hours, minutes = found.groups()
    if fraction:
        raise ValueRefused("invalid-instant", "Whole seconds only: leave out the fraction")
    if not utc and not sign:
        raise ValueRefused("offset-missing", "Give an offset, e.g. 2027-05-05T09:00:00+02:00")
    wall = _moment(numbers, "invalid-instant")
    if not FIRST_YEAR - 1 <= wall.year <= LAST_YEAR + 1:
        raise _outside()
    offset = dt.timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    moment = (wall + offset if sign == "-" else wall - offset).replace(tzinfo=dt.UTC)
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise _outside()
    return moment


class Instant(Strict[dt.datetime]):
    """An instant, RFC 3339 extended format with offset or ``Z``, read as aware UTC datetime.

    Written in UTC with ``Z``; with ``zone_from="timezone"`` in the zone whose IANA name the
    dumped object has there (dots reach deeper: ``"event.timezone"``).
    Codes: ``offset-missing``, ``invalid-instant``, ``out-of-range`` (years 2000–2100 in UTC).
    """

    def __init__(self, *, zone_from: str | None = None, **options: Any) -> None:
        super().__init__({"type": "string", "format": "date-time", "maxLength": 25}, **options)
        self.zone_from = zone_from

    def read(self, value: Any) -> dt.datetime:
        """The instant in UTC."""
        return read_instant(value)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        del attr, kwargs
        if value is None:
            return None
        zone = get_value(obj, self.zone_from, None) if self.zone_from else None
        return zoned_instant(value, zone) if zone else utc_instant(value)


class WallTime(Strict[dt.datetime]):
    """A time as a clock on the wall shows it, ``2027-05-05T09:00[:00]``, read as naive datetime.

    Codes: ``offset-not-allowed``, ``invalid-time``, ``out-of-range`` (years 2000–2100).
    """

    def __init__(self, **options: Any) -> None:
        pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2})?$"
        super().__init__({"type": "string", "maxLength": 19, "pattern": pattern}, **options)

    def read(self, value: Any) -> dt.datetime:
        """The naive wall time."""
        text = expect_text(value)
        short = len(text) <= _LONGEST
        found = _LOCAL.fullmatch(text) if short else None
        if not found:
            if short and _OFFSET.search(text):
                raise ValueRefused("offset-not-allowed", "Give the local time, without offset")
            raise ValueRefused("invalid-time", "Write it like 2027-05-05T09:00")
        return _within_years(_moment(list(found.groups(default="00")), "invalid-time"))

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        del attr, obj, kwargs
        if value is None:
            return None
        return value.replace(tzinfo=None).isoformat(timespec="seconds")


class Date(Strict[dt.date]):
    """A day, ``2027-05-05``, between ``minimum`` and ``maximum`` (2000 to 2100 unless told).

    Codes: ``invalid-date``, ``out-of-range``.
    """

    def __init__(
        self,
        *,
        minimum: dt.date = dt.date(FIRST_YEAR, 1, 1),
        maximum: dt.date = dt.date(LAST_YEAR, 12, 31),
        **options: Any,
    ) -> None:
        super().__init__({"type": "string", "format": "date", "maxLength": 10}, **options)
        self.minimum = minimum
        self.maximum = maximum

    def read(self, value: Any) -> dt.date:
        """The day."""
        text = expect_text(value)
        found = _DATE.fullmatch(text) if len(text) <= _LONGEST else None
        if not found:
            raise ValueRefused("invalid-date", "Write it like 2027-05-05")
        day = _moment([*found.groups(), "0", "0", "0"], "invalid-date").date()
        if not self.minimum <= day <= self.maximum:
            raise ValueRefused("out-of-range", f"From {self.minimum} to {self.maximum}")
        return day

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        del attr, obj, kwargs
        return None if value is None else value.isoformat()[:10]


class Month(Strict[str]):
    """A month without a day, ``2025-04``, kept as this text.

    Codes: ``invalid-month``, ``out-of-range``.
    """

    def __init__(self, **options: Any) -> None:
        pattern = r"^[0-9]{4}-(?:0[1-9]|1[0-2])$"
        super().__init__({"type": "string", "maxLength": 7, "pattern": pattern}, **options)

    def read(self, value: Any) -> str:
        """The month as given."""
        text = expect_text(value)
        found = _MONTH.fullmatch(text) if len(text) <= _LONGEST else None
        if not found:
            raise ValueRefused("invalid-month", "Write it like 2025-04")
        if not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
            raise _outside()
        return text


class Year(Integer):
    """A year, a JSON integer from 2000 to 2100."""

    def __init__(self, **options: Any) -> None:
        super().__init__(minimum=FIRST_YEAR, maximum=LAST_YEAR, **options)


class Zone(Strict[str]):
    """An IANA ``Region/City`` name known to the server, or ``UTC``; aliases are kept.

    Code: ``unknown-zone`` (also for ``EST5EDT``, POSIX strings and paths).
    """

    def __init__(self, **options: Any) -> None:
        documented = {"type": "string", "maxLength": 64, "examples": ["Europe/Vienna"]}
        super().__init__(documented, **options)

    def read(self, value: Any) -> str:
        """The name as given."""
        if expect_text(value) not in zone_names():
            raise ValueRefused("unknown-zone", "Give an IANA name such as Europe/Vienna, or UTC")
        return str(value)


def _moment(numbers: list[str], code: str) -> dt.datetime:
    try:
        return dt.datetime(*(int(number) for number in numbers))  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError as refusal:
        raise ValueRefused(code, "There is no such day or time") from refusal


def _within_years(wall: dt.datetime) -> dt.datetime:
    if not FIRST_YEAR <= wall.year <= LAST_YEAR:
        raise _outside()
    return wall


def _outside() -> ValueRefused:
    return ValueRefused("out-of-range", f"Years {FIRST_YEAR} to {LAST_YEAR}")
