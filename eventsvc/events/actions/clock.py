"""The clock's own steps: an edition runs from its start and is completed at its end."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from eventsvc.core.rights import system
from eventsvc.events.actions.states import transition
from eventsvc.events.queries import lock_event

CLOCK = system("events.clock")


def turn_one(session: Session, event_id: str, *, now: datetime) -> bool:
    """Take one edition as far as the clock takes it; whether anything changed (api.md §7).

    Published → running at ``starts_at``, running → completed at ``ends_at``. Judged under the
    lock, so that an organiser's step in between wins and a second run does nothing.

    Raises:
        NotFound: it was deleted meanwhile.
    """
    event = lock_event(session, event_id)
    turned = False
    if event.state == "published" and event.starts_at is not None and event.starts_at <= now:
        transition(session, CLOCK, event, "running", now=now)
        turned = True
    if event.state == "running" and event.ends_at is not None and event.ends_at <= now:
        transition(session, CLOCK, event, "completed", now=now)
        turned = True
    return turned
