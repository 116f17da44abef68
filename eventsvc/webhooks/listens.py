"""What this room does when a lower room tells a fact: it writes what is to be sent."""

from __future__ import annotations

from sqlalchemy.orm import Session

from eventsvc.facts.actions import payload_of
from eventsvc.facts.policy import Fact
from eventsvc.webhooks import actions


def on_any_fact(session: Session, fact: Fact) -> None:
    """Write a delivery for each endpoint that wants to hear of it, in the same transaction."""
    if fact.organiser_id is not None:
        actions.tell_outside(
            session,
            kind=fact.kind,
            organiser_id=fact.organiser_id,
            event_id=fact.event_id,
            subject_id=fact.subject_id,
            payload=payload_of(fact),
            now=fact.at,
        )
