"""When a report is due, and its way from draft to released (editions.md §10, delivery.md §10)."""

from __future__ import annotations

from datetime import datetime, timedelta

from eventsvc.core.errors import Conflict, TransitionNotAllowed

DRAFT, CHECKED, RELEASED = "draft", "checked", "released"
STATES = (DRAFT, CHECKED, RELEASED)
ARROWS: dict[str, tuple[str, ...]] = {DRAFT: (CHECKED,), CHECKED: (RELEASED,), RELEASED: ()}
ENDED = ("completed", "archived")
"""States of an event that has ended; a cancelled one may be archived as well."""


def check_step(state: str, to: str, *, written: bool) -> None:
    """Refuse a step of a report that is no arrow, or that comes before it was written.

    Raises:
        TransitionNotAllowed: no such arrow.
        Conflict: ``report-not-written``.
    """
    if to not in ARROWS[state]:
        raise TransitionNotAllowed(state, to, ARROWS[state])
    if not written:
        raise Conflict("report-not-written", "The report is still being written; try again soon.")


def is_due(
    *,
    state: str,
    recorded: bool,
    ends_at: datetime | None,
    completed_at: datetime | None,
    delay: timedelta,
    now: datetime,
) -> bool:
    """Whether the event gets its report by itself: ended ``delay`` ago or longer, not recorded."""
    ended = ends_at or completed_at
    if recorded or completed_at is None or ended is None or state not in ENDED:
        return False
    return ended + delay <= now


def releases_itself(
    *,
    state: str,
    written_at: datetime | None,
    after_days: int,
    attendance_open: bool,
    now: datetime,
) -> bool:
    """Whether a report nobody released is released now; never while attendance is being taken."""
    if state == RELEASED or written_at is None or attendance_open:
        return False
    return written_at + timedelta(days=after_days) <= now


def check_reportable(state: str) -> None:
    """Refuse a report of an event that has not ended.

    Raises:
        Conflict: ``event-not-ended``, ``archived``.
    """
    if state == "archived":
        raise Conflict("archived", "This event is archived and read only.")
    if state != "completed":
        raise Conflict(
            "event-not-ended", "The event has not ended: look at the preview (reports/summary)."
        )
