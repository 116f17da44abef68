"""What is known of the dates of an edition, and the rules about it (api.md §5, editions.md §12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from eventsvc.core.errors import FieldError, Invalid
from eventsvc.core.text import ValueRefused
from eventsvc.events.policy.times import day_bounds, instant_of, midnight_of, wall_of

PRECISIONS = ("day", "month", "year", "none")
KEEP_WALL_TIME, KEEP_INSTANT = "keep_wall_time", "keep_instant"
LONGEST_EVENT = timedelta(days=31)
SIDE_EVENT_MARGIN = timedelta(days=3)

DATE_FIELDS = frozenset(
    {
        "date_precision", "timezone", "on_timezone_change", "starts_at", "ends_at", "starts_on",
        "ends_on", "all_day", "month", "year", "not_after", "before_on", "length_days",
    }
)  # fmt: skip
_OF_SPAN = ("starts_at", "ends_at", "starts_on", "ends_on")
_OF_PRECISION = {"day": _OF_SPAN, "month": ("month",), "year": ("year",), "none": ()}


@dataclass(frozen=True)
class Dates:
    """What is known: a span of wall times with its zone, or a month, or a year, or bounds."""

    date_precision: str = "none"
    timezone: str | None = None
    starts_wall: datetime | None = None
    ends_wall: datetime | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    all_day: bool = False
    month: str | None = None
    year: int | None = None
    not_after: date | None = None
    before_on: date | None = None
    length_days: int | None = None


def decide_dates(present: Dates, given: Mapping[str, Any]) -> Dates:
    """The dates after a change.

    ``given`` holds the fields sent (names of :data:`DATE_FIELDS`): ``starts_at``/``ends_at`` as
    aware instants, or ``starts_on``/``ends_on`` as first and last day of an all-day event. Fields
    of another precision are cleared unless they are sent.

    Raises:
        Invalid: ``required``, ``not-together``, ``not-with-precision``, ``before-start``,
            ``too-long``, ``nonexistent-time``, ``ambiguous-time``, ``not-whole-days``.
    """
    zone = given.get("timezone", present.timezone)
    precision = _precision(present, given)
    _refuse_strangers(precision, given)
    if precision != "day":
        return _without_days(present, given, precision, zone)
    span = _overridden(_rezoned(present, given, zone), given, zone)
    if span.starts_wall is None or span.ends_wall is None or zone is None:
        raise Invalid(_missing(span, zone, given))
    _check_span(span.starts_wall, span.ends_wall, all_day=span.all_day)
    plain: dict[str, Any] = {"month": None, "year": None, "not_after": None, "before_on": None}
    length = given.get("length_days", present.length_days)
    return replace(
        _with_instants(span, given, zone), date_precision="day", length_days=length, **plain
    )


def _precision(present: Dates, given: Mapping[str, Any]) -> str:
    stated = given.get("date_precision")
    if stated is not None:
        return str(stated)
    for precision in ("day", "month", "year"):
        if any(given.get(name) is not None for name in _OF_PRECISION[precision]):
            return precision
    if present.date_precision == "day":
        return "none" if any(name in given for name in _OF_SPAN) else "day"
    left = [name for name in ("month", "year") if given.get(name, getattr(present, name))]
    return left[0] if left else "none"


def _refuse_strangers(precision: str, given: Mapping[str, Any]) -> None:
    foreign = {name for names in _OF_PRECISION.values() for name in names}
    foreign -= set(_OF_PRECISION[precision])
    if precision == "day":
        foreign |= {"not_after", "before_on"}
    errors = [
        FieldError(f"/{name}", "not-with-precision", f"Not with date_precision {precision}")
        for name in sorted(foreign)
        if given.get(name) is not None
    ]
    if errors:
        raise Invalid(errors)


def _without_days(
    present: Dates, given: Mapping[str, Any], precision: str, zone: str | None
) -> Dates:
    known = {
        name: given.get(name, getattr(present, name))
        for name in ("month", "year", "not_after", "before_on", "length_days")
    }
    if precision != "none" and known[precision] is None:
        raise Invalid.field(f"/{precision}", "required", f"date_precision is {precision}")
    for name in {"month", "year"} - {precision}:
        known[name] = None
    return Dates(date_precision=precision, timezone=zone, **known)


def _rezoned(present: Dates, given: Mapping[str, Any], zone: str | None) -> Dates:
    """The present span in the new zone: same clock times, or same instants (api.md §5)."""
    if present.timezone is None or zone == present.timezone or present.starts_at is None:
        return present
    how = given.get("on_timezone_change")
    if how is None:
        raise Invalid.field(
            "/on_timezone_change", "required", f"Say {KEEP_WALL_TIME} or {KEEP_INSTANT}"
        )
    if how == KEEP_WALL_TIME or zone is None or present.ends_at is None:
        return present
    if present.all_day:
        raise Invalid.field("/on_timezone_change", "not-whole-days", "All-day events keep days")
    starts, ends = wall_of(present.starts_at, zone), wall_of(present.ends_at, zone)
    return replace(present, starts_wall=starts, ends_wall=ends)


def _overridden(span: Dates, given: Mapping[str, Any], zone: str | None) -> Dates:
    """The span with what was sent put in its place."""
    by_day = any(given.get(name) is not None for name in ("starts_on", "ends_on"))
    by_instant = any(given.get(name) is not None for name in ("starts_at", "ends_at"))
    if by_day and (by_instant or given.get("all_day") is False):
        raise Invalid.field("/starts_on", "not-together", "Days are for all-day events alone")
    if by_day:
        return _whole_days(span, given)
    if zone is None:
        return span
    walls: dict[str, Any] = {
        wall: None if given[name] is None else wall_of(given[name], zone)
        for name, wall in (("starts_at", "starts_wall"), ("ends_at", "ends_wall"))
        if name in given
    }
    all_day = given.get("all_day", span.all_day and not by_instant)
    return replace(span, all_day=bool(all_day), **walls)


def _whole_days(span: Dates, given: Mapping[str, Any]) -> Dates:
    first: date | None = given.get("starts_on")
    last: date | None = given.get("ends_on")
    if first is None and span.starts_wall is not None:
        first = span.starts_wall.date()
    if first is None:
        raise Invalid.field("/starts_on", "required", "The first day is missing")
    last = last or last_day(span) or first
    if last < first:
        raise Invalid.field("/ends_on", "before-start", "The last day is before the first")
    starts, ends = day_bounds(first, last)
    return replace(span, starts_wall=starts, ends_wall=ends, all_day=True)


def last_day(dates: Dates) -> date | None:
    """The last day of the span, or None: 24:00 belongs to the day that ends."""
    if dates.ends_wall is None:
        return None
    return (dates.ends_wall - timedelta(seconds=1)).date()


def _missing(span: Dates, zone: str | None, given: Mapping[str, Any]) -> list[FieldError]:
    lacking = []
    if zone is None:
        lacking.append("timezone")
    if span.starts_wall is None and given.get("starts_at") is None:
        lacking.append("starts_at")
    if span.ends_wall is None and given.get("ends_at") is None:
        lacking.append("ends_at")
    return [FieldError(f"/{name}", "required", "Dates to the day need this") for name in lacking]


def _check_span(starts: datetime, ends: datetime, *, all_day: bool) -> None:
    if ends <= starts:
        raise Invalid.field("/ends_at", "before-start", "The end must be after the start")
    if ends - starts > LONGEST_EVENT:
        raise Invalid.field("/ends_at", "too-long", "An event lasts 31 days at most")
    if all_day and (starts.time() != datetime.min.time() or ends.time() != datetime.min.time()):
        raise Invalid.field("/all_day", "not-whole-days", "All-day: from 00:00 to 00:00")


def _with_instants(span: Dates, given: Mapping[str, Any], zone: str) -> Dates:
    instants: dict[str, Any] = {}
    for name, wall in (("starts_at", span.starts_wall), ("ends_at", span.ends_wall)):
        if wall is None:
            continue
        try:
            instants[name] = midnight_of(wall, zone) if span.all_day else instant_of(wall, zone)
        except ValueRefused as refusal:
            raise Invalid.field(f"/{name}", refusal.code, refusal.detail) from refusal
        if given.get(name) is not None and given[name] != instants[name]:
            detail = f"Clocks in {zone} show this time twice; only the first of them can be kept"
            raise Invalid.field(f"/{name}", "ambiguous-time", detail)
    if instants["ends_at"] <= instants["starts_at"]:
        raise Invalid.field("/ends_at", "before-start", "The end must be after the start")
    return replace(span, timezone=zone, **instants)
