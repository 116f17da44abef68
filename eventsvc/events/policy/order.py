"""Order of editions in time, and what may lie outside what (seed facts: ``date_fields``)."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from eventsvc.events.policy.dates import SIDE_EVENT_MARGIN, Dates

ONE_DAY = timedelta(days=1)


def sort_day(dates: Dates, *, before_event: date | None = None) -> date | None:
    """The day by which an edition is sorted; None sorts last.

    The start, else ``not_after``, else just before ``before_on`` and the day ``before_event`` of
    the edition it precedes, else the end of the month or year. Never an invented 1 January.
    """
    if dates.starts_wall is not None:
        return dates.starts_wall.date()
    if dates.not_after is not None:
        return dates.not_after
    bounds = [day - ONE_DAY for day in (dates.before_on, before_event) if day is not None]
    if bounds:
        return min(bounds)
    if dates.month is not None:
        year, month = int(dates.month[:4]), int(dates.month[5:])
        return date(year, month, monthrange(year, month)[1])
    return None if dates.year is None else date(dates.year, 12, 31)


def too_far_outside(side: Dates, main: Dates) -> bool:
    """Whether a side event lies more than three days outside its parent (api.md §5)."""
    if side.starts_at is None or main.starts_at is None:
        return False
    if side.ends_at is None or main.ends_at is None:
        return False
    early = side.starts_at < main.starts_at - SIDE_EVENT_MARGIN
    return early or side.ends_at > main.ends_at + SIDE_EVENT_MARGIN
