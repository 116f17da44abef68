"""The clock of editions: they run from their start and are completed at their end (api.md §7)."""

from __future__ import annotations

from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError

from eventsvc.core import clock
from eventsvc.core.errors import Refusal
from eventsvc.core.transactions import transaction
from eventsvc.events import actions, queries

log = structlog.get_logger(__name__)

MOST_AT_ONCE = 500


def turn_clock() -> None:
    """Start and end what is due, each edition in a transaction of its own.

    Called again, or twice at once, it does nothing more: each is judged under its lock. One that
    refuses is logged and left for the next turn; it does not hold up the others.
    """
    with transaction(write=False) as session:
        due = queries.due_for_clock(session, clock.now(session), MOST_AT_ONCE)
    for event_id in due:
        try:
            with transaction(write=True) as session:
                actions.turn_one(session, event_id, now=clock.now(session))
        except (Refusal, SQLAlchemyError) as error:
            log.warning("events.clock_refused", event_id=event_id, error=type(error).__name__)


def tell_milestones() -> None:
    """Queue this week's mails about what is due in the preparation of editions.

    Each edition in a transaction of its own; called again in the same week it writes nothing.
    """
    last = str(UUID(int=0))
    while True:
        with transaction(write=False) as session:
            found = queries.events_in_preparation(session, last, MOST_AT_ONCE)
        for event_id in found:
            _tell_one(event_id)
        if len(found) < MOST_AT_ONCE:
            return
        last = found[-1]


def _tell_one(event_id: str) -> None:
    try:
        with transaction(write=True) as session:
            event = queries.lock_event(session, event_id)
            actions.tell_due(session, event, now=clock.now(session))
    except (Refusal, SQLAlchemyError) as error:
        log.warning("events.milestones_refused", event_id=event_id, error=type(error).__name__)
