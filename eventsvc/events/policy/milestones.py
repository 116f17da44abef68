"""When a milestone is due, and what is told of it in a week (editions.md §9, 29)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from eventsvc.core.errors import Invalid, TransitionNotAllowed

MILESTONE_STATES = ("open", "done", "dropped")
PREPARED = frozenset({"idea", "announced", "draft", "published", "running", "postponed"})
"""States of an edition whose milestones are still looked after."""

MORNING = time(7, 0)


def check_due(due_days: int | None, due_on: date | None) -> None:
    """A milestone is due so many days from the start, or on a day; one of the two.

    Raises:
        Invalid: ``required`` or ``not-together``.
    """
    if due_days is None and due_on is None:
        detail = "Say when it is due: days from the start, or a day"
        raise Invalid.field("/due_days", "required", detail)
    if due_days is not None and due_on is not None:
        raise Invalid.field("/due_on", "not-together", "Either days from the start, or a day")


def due_after(given: dict[str, Any], due_days: int | None, due_on: date | None) -> dict[str, Any]:
    """Both ways to be due after a change: the one that is given takes the place of the other.

    Raises:
        Invalid: as :func:`check_due`.
    """
    if given.get("due_days") is not None:
        due_on = None
    if given.get("due_on") is not None:
        due_days = None
    due_days, due_on = given.get("due_days", due_days), given.get("due_on", due_on)
    check_due(due_days, due_on)
    return {"due_days": due_days, "due_on": due_on}


def due_day(starts_wall: datetime | None, due_days: int | None, due_on: date | None) -> date | None:
    """The day on which it is due, or None while the start of the edition is not known."""
    if due_on is not None:
        return due_on
    if starts_wall is None or due_days is None:
        return None
    return starts_wall.date() + timedelta(days=due_days)


def check_milestone_step(came_from: str, to: str) -> None:
    """Open ↔ done, open ↔ dropped.

    Raises:
        TransitionNotAllowed: it is in that state already, or goes from done to dropped.
    """
    allowed = ["done", "dropped"] if came_from == "open" else ["open"]
    if to not in allowed:
        raise TransitionNotAllowed(came_from, to, allowed)


def week_of(now: datetime, zone: str) -> tuple[date, date, int]:
    """Monday and Sunday of the week in which ``now`` lies at the event, and its number: 202718.

    The number is the ISO year and week; it keeps a mail to one in a week (delivery.md §2).
    """
    today = now.astimezone(ZoneInfo(zone)).date()
    year, week, weekday = today.isocalendar()
    monday = today - timedelta(days=weekday - 1)
    return monday, monday + timedelta(days=6), year * 100 + week


def told_at(monday: date, zone: str) -> datetime:
    """When the mail of a week is due: Monday morning at the event."""
    return datetime.combine(monday, MORNING, ZoneInfo(zone))
