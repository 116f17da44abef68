"""Doors: rooms of an event."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from eventsvc.agenda import actions, queries
from eventsvc.agenda.models import Room
from eventsvc.agenda.schemas import PlaceQuery, RoomBody, RoomOut, RoomPatch
from eventsvc.core import clock
from eventsvc.core.http import Door, actor, expect, needs
from eventsvc.core.pages import Page, page
from eventsvc.events.queries import event_for

door = Door(
    "rooms",
    __name__,
    url_prefix="/api/v1/events/<event_id>/rooms",
    description="Rooms of an event",
)


@door.get("")
@needs("agenda:read", gate="event")
@door.query(PlaceQuery)
@door.lists(RoomOut, sort=tuple(queries.ROOM_SORTS))
def list_rooms(session: Session, query: dict[str, Any], event_id: str) -> Page:
    """List rooms in order."""
    event = event_for(session, actor(), event_id)
    found = queries.rooms_of(event)
    return page(session, found, query, sorts=queries.ROOM_SORTS, default="position,name")


@door.post("")
@needs("agenda:write", gate="event")
@door.body(RoomBody)
@door.writes(201, RoomOut)
def add_room(session: Session, body: dict[str, Any], event_id: str) -> Room:
    """Add a room."""
    event = event_for(session, actor(), event_id)
    return actions.add_room(session, actor(), event, body, now=clock.now(session))


@door.get("/<room_id>")
@needs("agenda:read", gate="event")
@door.reads(RoomOut)
def read_room(session: Session, event_id: str, room_id: str) -> Room:
    """Read a room."""
    event = event_for(session, actor(), event_id)
    return queries.room_for(session, event, room_id)


@door.patch("/<room_id>")
@needs("agenda:write", gate="event")
@door.body(RoomPatch)
@door.writes(200, RoomOut, precondition=True)
def change_room(session: Session, body: dict[str, Any], event_id: str, room_id: str) -> Room:
    """Change a room."""
    event = event_for(session, actor(), event_id)
    room = queries.room_for(session, event, room_id)
    expect(room)
    return actions.change_room(session, actor(), event, room, body, now=clock.now(session))


@door.delete("/<room_id>")
@needs("agenda:write", gate="event")
@door.writes(204, precondition=True)
def remove_room(session: Session, event_id: str, room_id: str) -> None:
    """Delete a room that no item is in."""
    event = event_for(session, actor(), event_id)
    room = queries.room_for(session, event, room_id)
    expect(room)
    actions.remove_place(session, actor(), event, room, now=clock.now(session))
