"""Doors: what is kept of sessions."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from eventsvc.agenda import actions, queries
from eventsvc.agenda.models import Takeaway
from eventsvc.agenda.schemas import TakeawayBody, TakeawayOut, TakeawayPatch, TakeawayQuery
from eventsvc.core import clock
from eventsvc.core.http import Door, actor, expect, needs
from eventsvc.core.pages import Page, page
from eventsvc.events.queries import event_for, lock_event

door = Door(
    "takeaways",
    __name__,
    url_prefix="/api/v1/events/<event_id>/takeaways",
    description="Messages, quotes and links kept of sessions",
)


@door.get("")
@needs("agenda:read", gate="event")
@door.query(TakeawayQuery)
@door.lists(TakeawayOut, sort=tuple(queries.TAKEAWAY_SORTS))
def list_takeaways(session: Session, query: dict[str, Any], event_id: str) -> Page:
    """List what is kept of the sessions of an event."""
    found = queries.takeaways_found(event_for(session, actor(), event_id), query)
    return page(session, found, query, sorts=queries.TAKEAWAY_SORTS, default="created_at")


@door.post("")
@needs("agenda:write", gate="event")
@door.body(TakeawayBody)
@door.writes(201, TakeawayOut)
def add_takeaway(session: Session, body: dict[str, Any], event_id: str) -> Takeaway:
    """Keep what came out of a session."""
    event = lock_event(session, event_for(session, actor(), event_id).id)
    return actions.add_takeaway(session, actor(), event, body, now=clock.now(session))


@door.get("/<takeaway_id>")
@needs("agenda:read", gate="event")
@door.reads(TakeawayOut)
def read_takeaway(session: Session, event_id: str, takeaway_id: str) -> Takeaway:
    """Read what is kept of a session."""
    return queries.takeaway_for(session, event_for(session, actor(), event_id), takeaway_id)


@door.patch("/<takeaway_id>")
@needs("agenda:write", gate="event")
@door.body(TakeawayPatch)
@door.writes(200, TakeawayOut, precondition=True)
def change_takeaway(
    session: Session, body: dict[str, Any], event_id: str, takeaway_id: str
) -> Takeaway:
    """Change what is kept of a session."""
    event = lock_event(session, event_for(session, actor(), event_id).id)
    takeaway = queries.takeaway_for(session, event, takeaway_id)
    expect(takeaway)
    now = clock.now(session)
    return actions.change_takeaway(session, actor(), event, takeaway, body, now=now)


@door.delete("/<takeaway_id>")
@needs("agenda:write", gate="event")
@door.writes(204, precondition=True)
def remove_takeaway(session: Session, event_id: str, takeaway_id: str) -> None:
    """Forget what was kept of a session."""
    event = lock_event(session, event_for(session, actor(), event_id).id)
    takeaway = queries.takeaway_for(session, event, takeaway_id)
    expect(takeaway)
    actions.remove_takeaway(session, actor(), event, takeaway, now=clock.now(session))
