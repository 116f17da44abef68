"""Doors: the messages of an event, and what organisers do about them (delivery.md §7)."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from eventsvc.core import clock
from eventsvc.core.http import Door, actor, needs
from eventsvc.core.pages import Page, page
from eventsvc.mail.models import OutboxMessage
from eventsvc.post import actions, queries
from eventsvc.post.schemas import (
    AddressBody,
    MessageFullOut,
    MessageOut,
    MessagesQuery,
    MessagesSummaryOut,
    ShownStateBody,
    shown,
    shown_in_full,
)

door = Door(
    "messages",
    __name__,
    url_prefix="/api/v1/events/<event_id>/messages",
    description="What was mailed, to whom, and what became of it",
)


@door.get("")
@needs("messages:read", gate="event")
@door.query(MessagesQuery)
@door.lists(MessageOut, sort=("created_at", "due_at"))
def list_messages(session: Session, query: dict[str, Any], event_id: str) -> Page:
    """List the messages of an event, newest first."""
    sorts = {"created_at": OutboxMessage.created_at, "due_at": OutboxMessage.due_at}
    statement = queries.messages_for(event_id, query)
    found = page(session, statement, query, sorts=sorts, default="-created_at")
    rows = [shown(message, in_full=actor().manages) for message in found.items]
    return Page(rows, found.next_cursor, found.total)


@door.get("/summary")
@needs("messages:read", gate="event")
@door.reads(MessagesSummaryOut, computed=True)
def summarise_messages(session: Session, event_id: str) -> dict[str, Any]:
    """Count the messages of an event by state; how many are due, and since when the oldest is."""
    return queries.messages_summary(session, event_id, now=clock.now(session))


@door.get("/<message_id>")
@needs("messages:read", gate="event")
@door.reads(MessageFullOut, computed=True)
def read_message(session: Session, event_id: str, message_id: str) -> dict[str, Any]:
    """Read a message with every attempt to send it."""
    message = queries.message_for(session, event_id, message_id)
    attempts = queries.attempts_of(session, message)
    return shown_in_full(message, attempts, in_full=actor().manages)


@door.post("/<message_id>/retry")
@needs("messages:write", gate="event")
@door.body(ShownStateBody)
@door.writes(200, MessageOut, computed=True)
def retry_message(
    session: Session, body: dict[str, Any], event_id: str, message_id: str
) -> dict[str, Any]:
    """Try a failed or unknown message again."""
    message = queries.message_for(session, event_id, message_id)
    now = clock.now(session)
    actions.retry(session, actor(), message, shown_state=body["state"], now=now)
    return shown(message, in_full=actor().manages)


@door.post("/<message_id>/handled")
@needs("messages:write", gate="event")
@door.body(ShownStateBody)
@door.writes(200, MessageOut, computed=True)
def mark_message_handled(
    session: Session, body: dict[str, Any], event_id: str, message_id: str
) -> dict[str, Any]:
    """Close a failed or unknown message that somebody saw to in another way."""
    message = queries.message_for(session, event_id, message_id)
    now = clock.now(session)
    actions.mark_handled(session, actor(), message, shown_state=body["state"], now=now)
    return shown(message, in_full=actor().manages)


@door.post("/<message_id>/address")
@needs("messages:write", gate="event")
@door.body(AddressBody)
@door.writes(200, MessageOut, computed=True)
def send_message_elsewhere(
    session: Session, body: dict[str, Any], event_id: str, message_id: str
) -> dict[str, Any]:
    """Send a message that did not arrive to another address; later ones go where they went."""
    message = queries.message_for(session, event_id, message_id)
    told = {"shown_state": body["state"], "email": body["email"], "now": clock.now(session)}
    actions.send_elsewhere(session, actor(), message, **told)
    return shown(message, in_full=actor().manages)
