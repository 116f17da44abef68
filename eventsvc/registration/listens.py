"""What registrations do when an edition changes."""

from __future__ import annotations

from sqlalchemy.orm import Session

from eventsvc.core.errors import Conflict
from eventsvc.events.models import Event
from eventsvc.events.policy import EventCapacityChanged, EventCopied, EventUnpublished
from eventsvc.registration import actions, queries


def on_event_capacity_changed(session: Session, fact: EventCapacityChanged) -> None:
    """Promote into places that were added; refuse a capacity below the places held."""
    event = actions.lock(session, fact.subject_id)
    over = fact.allow_over_capacity
    actions.settle_capacity(session, event, allow_over_capacity=over, now=fact.at)


def on_event_copied(session: Session, fact: EventCopied) -> None:
    """A new edition asks what the one asks that it was made after."""
    source = session.get_one(Event, fact.source_id)
    actions.copy_form(session, source, session.get_one(Event, fact.subject_id), now=fact.at)


def on_event_unpublished(session: Session, fact: EventUnpublished) -> None:
    """Keep an edition published once somebody registered, whatever came of it (api.md §7).

    Raises:
        Conflict: ``has-registrations``.
    """
    first = session.scalars(queries.registrations(fact.subject_id).limit(1)).first()
    if first is not None:
        detail = "People have registered: postpone or cancel the edition."
        raise Conflict("has-registrations", detail, conflicts_with=[first.id])
