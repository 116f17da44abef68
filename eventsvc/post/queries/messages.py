"""Questions about single messages: for organisers, and for the sender's second look."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.sql import Select

from eventsvc.core.errors import Invalid, NotFound
from eventsvc.core.ids import is_id
from eventsvc.events.models import Event, Series
from eventsvc.mail.models import Contact, OutboxAttempt, OutboxMessage
from eventsvc.mail.queries import counts_by_state, due_now, messages_of, suppression_reason


def messages_for(event_id: str, filters: Mapping[str, Any]) -> Select[OutboxMessage]:
    """The messages of an event; ``filters`` as of ``MessagesQuery``, may be missing.

    Whoever calls has asked the gate of the event.
    """
    statement = messages_of(event_id, states=filters.get("state") or ())
    if filters.get("purpose"):
        statement = statement.where(OutboxMessage.purpose.in_(filters["purpose"]))
    for name, column in (
        ("announcement_id", OutboxMessage.batch_id),
        ("participant_id", OutboxMessage.recipient_id),
    ):
        if filters.get(name):
            statement = statement.where(column == filters[name])
    if filters.get("due_from"):
        statement = statement.where(OutboxMessage.due_at >= filters["due_from"])
    if filters.get("due_before"):
        statement = statement.where(OutboxMessage.due_at < filters["due_before"])
    return statement


def messages_summary(session: Session, event_id: str, *, now: datetime) -> dict[str, Any]:
    """The messages of an event by state, how many are due, since when the oldest; two queries."""
    count, oldest = due_now(session, now=now, event_id=event_id)
    counts = counts_by_state(session, event_id)
    return {"messages": counts, "due_now": count, "oldest_due_at": oldest}


def attempts_of(session: Session, message: OutboxMessage) -> list[OutboxAttempt]:
    """Every attempt to send a message, in order."""
    wanted = select(OutboxAttempt).where(OutboxAttempt.outbox_id == message.id)
    return list(session.scalars(wanted.order_by(OutboxAttempt.n)))


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
        organiser_id=message.organiser_id,
        priority=message.priority,
    )


def recipient_of(session: Session, public_id: str) -> tuple[str, str | None] | None:
    """The address that a message went to, or goes to, and whose message it is; None for none."""
    statement = (
        select(OutboxMessage.address, Contact.email, OutboxMessage.organiser_id)
        .join(Contact, Contact.id == OutboxMessage.contact_id)
        .where(OutboxMessage.public_id == public_id)
    )
    found = session.execute(statement).one_or_none()
    return None if found is None else (found.address or found.email, found.organiser_id)


def scope_named(
    session: Session, organiser_id: str, *, event_id: str | None, series_id: str | None
) -> str:
    """The scope of a suppression by an organiser: an event or series of its own, else all of it.

    Raises:
        Invalid: both are named, or one that is another's.
    """
    if event_id and series_id:
        raise Invalid.field("/series_id", "either-or", "Name an event or a series, not both")
    for name, model, given in (("event", Event, event_id), ("series", Series, series_id)):
        if given is None:
            continue
        owned = select(model.id).where(model.id == given, model.organiser_id == organiser_id)
        if session.scalar(owned) is None:
            raise Invalid.field(f"/{name}_id", f"unknown-{name}", f"There is no such {name}")
        return f"{name}:{given}"
    return f"organiser:{organiser_id}"


def events_of_series(session: Session, series_id: str) -> list[str]:
    """The ids of all editions of a series."""
    return list(session.scalars(select(Event.id).where(Event.series_id == series_id)))
