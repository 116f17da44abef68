"""What registrations do when an edition changes."""

from __future__ import annotations

from sqlalchemy.orm import Session

from eventsvc.events.policy import EventCapacityChanged
from eventsvc.registration import actions


def on_event_capacity_changed(session: Session, fact: EventCapacityChanged) -> None:
    """Promote into places that were added; refuse a capacity below the places held."""
    event = actions.lock(session, fact.subject_id)
    over = fact.allow_over_capacity
    actions.settle_capacity(session, event, allow_over_capacity=over, now=fact.at)
