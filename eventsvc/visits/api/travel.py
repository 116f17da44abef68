"""Doors: travel times between venues and stops, and what is wrong in a programme."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from eventsvc.agenda.schemas import AgendaConflictsOut
from eventsvc.core import clock
from eventsvc.core.http import Door, actor, expect, needs
from eventsvc.core.pages import Page, page
from eventsvc.events.queries import event_for
from eventsvc.visits import actions, queries
from eventsvc.visits.models import TravelTime
from eventsvc.visits.schemas import (
    TravelTimeBody,
    TravelTimeOut,
    TravelTimePatch,
    TravelTimeQuery,
)

door = Door(
    "travel-times",
    __name__,
    url_prefix="/api/v1/organisers/<organiser_id>/travel-times",
    description="Minutes between venues and bus stops",
)
conflicts_door = Door(
    "agenda-conflicts",
    __name__,
    url_prefix="/api/v1/events/<event_id>/agenda/conflicts",
    description="What is wrong in a programme",
)


@conflicts_door.get("")
@needs("agenda:read", gate="event")
@conflicts_door.reads(AgendaConflictsOut, computed=True)
def read_agenda_conflicts(session: Session, event_id: str) -> dict[str, Any]:
    """List double use of rooms and speakers, too many places, ways that are too long."""
    return {"items": queries.conflicts(session, event_for(session, actor(), event_id))}


@door.get("")
@needs("agenda:read", gate="organiser")
@door.query(TravelTimeQuery)
@door.lists(TravelTimeOut, sort=tuple(queries.TRAVEL_SORTS))
def list_travel_times(session: Session, query: dict[str, Any], organiser_id: str) -> Page:
    """List travel times, the oldest first."""
    found = queries.travel_filtered(queries.travel_times_of(actor(), organiser_id), query)
    return page(session, found, query, sorts=queries.TRAVEL_SORTS, default="created_at")


@door.post("")
@needs("agenda:write", gate="organiser")
@door.body(TravelTimeBody)
@door.writes(201, TravelTimeOut)
def add_travel_time(session: Session, body: dict[str, Any], organiser_id: str) -> TravelTime:
    """Add the minutes between two places of one event."""
    now = clock.now(session)
    return actions.add_travel_time(session, actor(), organiser_id, body, now=now)


@door.get("/<travel_time_id>")
@needs("agenda:read", gate="organiser")
@door.reads(TravelTimeOut)
def read_travel_time(session: Session, organiser_id: str, travel_time_id: str) -> TravelTime:
    """Read a travel time."""
    return queries.travel_time_for(session, actor(), organiser_id, travel_time_id)


@door.patch("/<travel_time_id>")
@needs("agenda:write", gate="whole-organiser")
@door.body(TravelTimePatch)
@door.writes(200, TravelTimeOut, precondition=True)
def change_travel_time(
    session: Session, body: dict[str, Any], organiser_id: str, travel_time_id: str
) -> TravelTime:
    """Change a travel time; who booked already keeps the seats."""
    row = queries.travel_time_for(session, actor(), organiser_id, travel_time_id)
    expect(row)
    return actions.change_travel_time(session, actor(), row, body, now=clock.now(session))


@door.delete("/<travel_time_id>")
@needs("agenda:write", gate="whole-organiser")
@door.writes(204, precondition=True)
def remove_travel_time(session: Session, organiser_id: str, travel_time_id: str) -> None:
    """Forget a travel time."""
    row = queries.travel_time_for(session, actor(), organiser_id, travel_time_id)
    expect(row)
    actions.remove_travel_time(session, actor(), row, now=clock.now(session))
