"""Doors: sessions of an event and their steps from state to state."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from eventsvc.agenda import actions, queries
from eventsvc.agenda.models import AgendaItem
from eventsvc.agenda.policy import SESSION
from eventsvc.agenda.schemas import (
    ItemQuery,
    ItemTransitionBody,
    OneItemQuery,
    SessionBody,
    SessionOut,
    SessionPatch,
)
from eventsvc.core import clock
from eventsvc.core.http import Door, actor, expect, needs
from eventsvc.core.pages import Page, page
from eventsvc.events.queries import event_for

door = Door(
    "sessions",
    __name__,
    url_prefix="/api/v1/events/<event_id>/sessions",
    description="Sessions of an event",
)


@door.get("")
@needs("agenda:read", gate="event")
@door.query(ItemQuery)
@door.lists(SessionOut, sort=tuple(queries.ITEM_SORTS))
def list_sessions(session: Session, query: dict[str, Any], event_id: str) -> Page:
    """List sessions, by day, start and position."""
    event = event_for(session, actor(), event_id)
    names = queries.names_asked(query)
    found = queries.with_item_filters(queries.items_of(event, SESSION), query)
    statement = queries.with_particulars(found, *names)
    listed = page(session, statement, query, sorts=queries.ITEM_SORTS, default=queries.IN_ORDER)
    queries.expand(event, listed.items, names)
    return listed


@door.post("")
@needs("agenda:write", gate="event")
@door.body(SessionBody)
@door.writes(201, SessionOut)
def add_session(session: Session, body: dict[str, Any], event_id: str) -> AgendaItem:
    """Add a session, planned and hidden until the programme is published."""
    event = event_for(session, actor(), event_id)
    return actions.add_session(session, actor(), event, body, now=clock.now(session))


@door.get("/<session_id>")
@needs("agenda:read", gate="event")
@door.query(OneItemQuery)
@door.reads(SessionOut)
def read_session(
    session: Session, query: dict[str, Any], event_id: str, session_id: str
) -> AgendaItem:
    """Read a session; ``expand`` adds speakers, room and track."""
    event = event_for(session, actor(), event_id)
    names = queries.names_asked(query)
    return queries.item_expanded(session, event, session_id, SESSION, names)


@door.patch("/<session_id>")
@needs("agenda:write", gate="event")
@door.body(SessionPatch)
@door.writes(200, SessionOut, precondition=True)
def change_session(
    session: Session, body: dict[str, Any], event_id: str, session_id: str
) -> AgendaItem:
    """Change a session; a visible one is live at once."""
    event = event_for(session, actor(), event_id)
    item = queries.item_for(session, event, session_id, SESSION)
    expect(item)
    return actions.change_session(session, actor(), event, item, body, now=clock.now(session))


@door.delete("/<session_id>")
@needs("agenda:write", gate="event")
@door.writes(204, precondition=True)
def remove_session(session: Session, event_id: str, session_id: str) -> None:
    """Delete a session that no calendar ever showed."""
    event = event_for(session, actor(), event_id)
    item = queries.item_for(session, event, session_id, SESSION)
    expect(item)
    actions.remove_session(session, actor(), event, item, now=clock.now(session))


@door.post("/<session_id>/transitions")
@needs("agenda:write", gate="event")
@door.body(ItemTransitionBody)
@door.writes(200, SessionOut, precondition=False)
def step_session(
    session: Session, body: dict[str, Any], event_id: str, session_id: str
) -> AgendaItem:
    """Take a session to another state."""
    event = event_for(session, actor(), event_id)
    item = queries.item_for(session, event, session_id, SESSION)
    expect(item)
    return actions.transition_item(session, actor(), event, item, **body, now=clock.now(session))
