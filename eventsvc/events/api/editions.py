"""Doors: events, with or without a series, and their steps from state to state."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from eventsvc.core import clock, config
from eventsvc.core.http import Door, actor, expect, needs
from eventsvc.core.pages import Page, page
from eventsvc.events import actions, queries
from eventsvc.events.schemas import (
    EventOut,
    EventPatch,
    EventQuery,
    EventSteppedOut,
    EventTransitionBody,
    EventWithoutSeriesBody,
    OneEventQuery,
)

door = Door("events", __name__, url_prefix="/api/v1/events", description="Events and editions")


@door.get("")
@needs("events:read")
@door.query(EventQuery)
@door.lists(EventOut, sort=tuple(queries.EVENT_SORTS))
def list_events(session: Session, query: dict[str, Any]) -> Page:
    """List events in order of time; those without any date come last."""
    found = queries.with_filters(queries.events_of(actor()), query)
    listed = page(session, found, query, sorts=queries.EVENT_SORTS, default=queries.IN_TIME)
    return replace(listed, items=[queries.shown(event) for event in listed.items])


@door.post("")
@needs("events:write")
@door.body(EventWithoutSeriesBody)
@door.writes(201, EventOut)
def add_event(session: Session, body: dict[str, Any]) -> dict[str, Any]:
    """Add an event without a series."""
    organiser_id = queries.organiser_named(session, actor(), body.pop("organiser_id", None))
    asking = actor().at(organiser_id)
    event = actions.add_event(session, asking, organiser_id, body, now=clock.now(session))
    return queries.shown(event)


@door.get("/<event_id>")
@needs("events:read", gate="event")
@door.query(OneEventQuery)
@door.reads(EventOut)
def read_event(session: Session, query: dict[str, Any], event_id: str) -> dict[str, Any]:
    """Read an event; ``expand`` adds what stands around it."""
    names = str(query["expand"]).split(",") if query.get("expand") else []
    return queries.expanded(session, queries.event_for(session, actor(), event_id), names)


@door.patch("/<event_id>")
@needs("events:write", gate="event")
@door.body(EventPatch)
@door.writes(200, EventOut, precondition=True)
def change_event(session: Session, body: dict[str, Any], event_id: str) -> dict[str, Any]:
    """Change an event."""
    event = queries.lock_event(session, event_id)
    expect(event)
    least = timedelta(seconds=config.current().reminder_move_threshold)
    now = clock.now(session)
    actions.change_event(session, actor(), event, body, now=now, move_threshold=least)
    session.flush()
    return queries.shown(event)


@door.delete("/<event_id>")
@needs("events:write", gate="event")
@door.writes(204, precondition=True)
def remove_event(session: Session, event_id: str) -> None:
    """Delete an event that was never published and has no registrations."""
    event = queries.lock_event(session, event_id)
    expect(event)
    actions.remove_event(session, actor(), event, now=clock.now(session))


@door.post("/<event_id>/transitions")
@needs("events:write", gate="event")
@door.body(EventTransitionBody)
@door.writes(200, EventSteppedOut, precondition=False)
def step_event(session: Session, body: dict[str, Any], event_id: str) -> dict[str, Any]:
    """Take an event to another state."""
    event = queries.lock_event(session, event_id)
    expect(event)
    actions.transition(session, actor(), event, **body, now=clock.now(session))
    session.flush()
    return {**queries.shown(event), "warnings": queries.warnings_for(session, event)}
