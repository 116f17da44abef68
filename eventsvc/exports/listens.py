"""What exports do when something happens below."""

from __future__ import annotations

from sqlalchemy.orm import Session

from eventsvc.events.policy import EventRemoved
from eventsvc.exports.actions import forget_files


def on_event_removed(session: Session, fact: EventRemoved) -> None:
    """Files made of an event go with it."""
    forget_files(session, event_id=fact.event_id)
