"""Times as people read them, in their language; the zone is always named (delivery.md §8).

Filters of the letters' templates. Each takes the language from the template's ``locale``. A span is
a mapping with ``starts``, ``ends`` (instants, or None), ``zone`` (IANA name) and ``all_day``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_time, get_timezone_name
from jinja2 import pass_context
from jinja2.runtime import Context

# English of the series is read across Europe: 5 May 2027, 14:30
_READ_AS = {"en": "en_GB"}


def day_in(value: date | datetime, locale: str, zone: str | None = None) -> str:
    """``Wednesday, 5 May 2027``; an instant is read in ``zone``."""
    if isinstance(value, datetime):
        value = value.astimezone(ZoneInfo(zone or "UTC")).date()
    return format_date(value, format="full", locale=_read(locale))


def clock_in(value: datetime, locale: str, zone: str) -> str:
    """``09:00``."""
    there = ZoneInfo(zone)
    return format_time(value.astimezone(there), format="short", tzinfo=there, locale=_read(locale))


def zone_in(value: datetime, locale: str, zone: str) -> str:
    """``Central European Summer Time``: the zone as it is called at that instant."""
    return get_timezone_name(value.astimezone(ZoneInfo(zone)), width="long", locale=_read(locale))


def moment_in(value: datetime, locale: str, zone: str) -> str:
    """``Wednesday, 5 May 2027, 09:00 (Central European Summer Time)``."""
    time, name = clock_in(value, locale, zone), zone_in(value, locale, zone)
    return f"{day_in(value, locale, zone)}, {time} ({name})"


def span_in(span: Mapping[str, Any], locale: str) -> str:
    """From when to when, with the zone; whole days without times; ``–`` when nothing is known."""
    starts, ends, zone = span["starts"], span["ends"], span["zone"]
    if starts is None:
        return "–"
    if span.get("all_day"):
        first = day_in(starts, locale, zone)
        last = day_in((ends or starts) - timedelta(seconds=1), locale, zone)
        return first if first == last or ends is None else f"{first} – {last}"
    if ends is None:
        return moment_in(starts, locale, zone)
    until = clock_in(ends, locale, zone)
    name = zone_in(starts, locale, zone)
    begin = f"{day_in(starts, locale, zone)}, {clock_in(starts, locale, zone)}"
    if day_in(starts, locale, zone) == day_in(ends, locale, zone):
        return f"{begin}–{until} ({name})"
    return f"{begin} – {day_in(ends, locale, zone)}, {until} ({name})"


def hours_in(span: Mapping[str, Any], locale: str) -> str:
    """``09:00–10:30`` of one item in a list of a day."""
    if span["starts"] is None:
        return "–"
    begin = clock_in(span["starts"], locale, span["zone"])
    return (
        begin if span["ends"] is None else f"{begin}–{clock_in(span['ends'], locale, span['zone'])}"
    )


def short_in(value: datetime, locale: str, zone: str) -> str:
    """``5 May, 09:00`` for a subject line."""
    pattern = {"de": "d. MMMM, HH:mm", "fr": "d MMMM, HH:mm"}.get(locale, "d MMMM, HH:mm")
    there = ZoneInfo(zone)
    return format_datetime(value.astimezone(there), pattern, tzinfo=there, locale=_read(locale))


def _read(locale: str) -> Locale:
    return Locale.parse(_READ_AS.get(locale, locale))


def _filter(written: Callable[..., str]) -> Callable[..., str]:
    @pass_context
    def called(context: Context, value: Any, *zone: str) -> str:
        return written(value, context["locale"], *zone)

    return called


FILTERS: Mapping[str, Callable[..., str]] = {
    "clock": _filter(clock_in),
    "day": _filter(day_in),
    "hours": _filter(hours_in),
    "moment": _filter(moment_in),
    "short": _filter(short_in),
    "span": _filter(span_in),
    "zone": _filter(zone_in),
}
"""Name → filter, for the environment of ``render``."""
