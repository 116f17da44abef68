"""Questions about single messages: for organisers, and for the sender's second look."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.sql import Select

from eventsvc.core.errors import NotFound
from eventsvc.core.ids import is_id
from eventsvc.events.models import Event
from eventsvc.mail.models import Contact, OutboxMessage
from eventsvc.mail.queries import messages_of, suppression_reason


def messages_for(event_id: str, filters: Mapping[str, Any]) -> Select[OutboxMessage]:
    """The messages of an event; ``filters``: ``state`` and ``purpose`` (lists), may be missing.

    Whoever calls has asked the gate of the event.
    """
    statement = messages_of(event_id, states=filters.get("state") or ())
    purposes = filters.get("purpose")
    return statement.where(OutboxMessage.purpose.in_(purposes)) if purposes else statement


def message_for(session: Session, event_id: str, message_id: str) -> OutboxMessage:
    """A message of an event by its public id, locked to the end of the transaction.

    Raises:
        NotFound: there is none, it is of another event, or the id is malformed.
    """
    if not is_id(message_id):
        raise NotFound
    statement = messages_of(event_id).where(OutboxMessage.public_id == message_id)
    found = session.scalars(statement.with_for_update()).one_or_none()
    if found is None:
        raise NotFound
    return found


def stopped_by(session: Session, message: OutboxMessage) -> str | None:
    """Why the address of a message is not written to, or None (delivery.md §9)."""
    series_id = session.scalar(select(Event.series_id).where(Event.id == message.event_id))
    return suppression_reason(
        session,
        message.address or "",
        message.event_id,
        series_id,
        message.purpose,
        priority=message.priority,
    )


def recipient_of(session: Session, public_id: str) -> str | None:
    """The address that a message went to, or goes to; None when there is no such message."""
    statement = (
        select(OutboxMessage.address, Contact.email)
        .join(Contact, Contact.id == OutboxMessage.contact_id)
        .where(OutboxMessage.public_id == public_id)
    )
    found = session.execute(statement).one_or_none()
    return None if found is None else found.address or found.email


def events_of_series(session: Session, series_id: str) -> list[str]:
    """The ids of all editions of a series."""
    return list(session.scalars(select(Event.id).where(Event.series_id == series_id)))
