"""Doors: tracks of an event."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from eventsvc.agenda import actions, queries
from eventsvc.agenda.models import Track
from eventsvc.agenda.schemas import PlaceQuery, TrackBody, TrackOut, TrackPatch
from eventsvc.core import clock
from eventsvc.core.http import Door, actor, expect, needs
from eventsvc.core.pages import Page, page
from eventsvc.events.queries import event_for

door = Door(
    "tracks",
    __name__,
    url_prefix="/api/v1/events/<event_id>/tracks",
    description="Tracks of an event",
)


@door.get("")
@needs("agenda:read", gate="event")
@door.query(PlaceQuery)
@door.lists(TrackOut, sort=tuple(queries.TRACK_SORTS))
def list_tracks(session: Session, query: dict[str, Any], event_id: str) -> Page:
    """List tracks in order."""
    event = event_for(session, actor(), event_id)
    found = queries.tracks_of(event)
    return page(session, found, query, sorts=queries.TRACK_SORTS, default="position,name")


@door.post("")
@needs("agenda:write", gate="event")
@door.body(TrackBody)
@door.writes(201, TrackOut)
def add_track(session: Session, body: dict[str, Any], event_id: str) -> Track:
    """Add a track."""
    event = event_for(session, actor(), event_id)
    return actions.add_track(session, actor(), event, body, now=clock.now(session))


@door.get("/<track_id>")
@needs("agenda:read", gate="event")
@door.reads(TrackOut)
def read_track(session: Session, event_id: str, track_id: str) -> Track:
    """Read a track."""
    event = event_for(session, actor(), event_id)
    return queries.track_for(session, event, track_id)


@door.patch("/<track_id>")
@needs("agenda:write", gate="event")
@door.body(TrackPatch)
@door.writes(200, TrackOut, precondition=True)
def change_track(session: Session, body: dict[str, Any], event_id: str, track_id: str) -> Track:
    """Change a track."""
    event = event_for(session, actor(), event_id)
    track = queries.track_for(session, event, track_id)
    expect(track)
    return actions.change_track(session, actor(), event, track, body, now=clock.now(session))


@door.delete("/<track_id>")
@needs("agenda:write", gate="event")
@door.writes(204, precondition=True)
def remove_track(session: Session, event_id: str, track_id: str) -> None:
    """Delete a track that no item is in."""
    event = event_for(session, actor(), event_id)
    track = queries.track_for(session, event, track_id)
    expect(track)
    actions.remove_place(session, actor(), event, track, now=clock.now(session))
