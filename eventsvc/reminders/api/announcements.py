"""Doors: announcements of an event. How one looks is shown by ``post``, which writes the mail."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from eventsvc.core import clock
from eventsvc.core.http import Door, actor, expect, needs
from eventsvc.core.pages import Page, page
from eventsvc.events.models import Event
from eventsvc.events.queries import event_for
from eventsvc.reminders import actions, queries
from eventsvc.reminders.models import Announcement
from eventsvc.reminders.schemas.announcements import (
    AnnouncementBody,
    AnnouncementOut,
    AnnouncementPatch,
    AnnouncementsQuery,
    AnnouncementStepBody,
    announcement_shown,
)

door = Door(
    "announcements",
    __name__,
    url_prefix="/api/v1/events/<event_id>/announcements",
    description="What an organiser tells many people of an event",
)


@door.get("")
@needs("announcements:read", gate="event")
@door.query(AnnouncementsQuery)
@door.lists(AnnouncementOut, sort=tuple(queries.ANNOUNCEMENT_SORTS))
def list_announcements(session: Session, query: dict[str, Any], event_id: str) -> Page:
    """List the announcements of an event, newest first."""
    event = event_for(session, actor(), event_id)
    found = queries.announcements_found(event, query.get("state") or ())
    sorts = queries.ANNOUNCEMENT_SORTS
    listed = page(session, found, query, sorts=sorts, default="-created_at")
    counts = queries.states_of_batches(session, [one.id for one in listed.items])
    items = [announcement_shown(one, counts) for one in listed.items]
    return Page(items, listed.next_cursor, listed.total)


@door.post("")
@needs("announcements:write", gate="event")
@door.body(AnnouncementBody)
@door.writes(201, AnnouncementOut)
def add_announcement(session: Session, body: dict[str, Any], event_id: str) -> dict[str, Any]:
    """Write an announcement; it stays a draft until it is scheduled or sent."""
    event = event_for(session, actor(), event_id)
    made = actions.add_announcement(session, actor(), event, body, now=clock.now(session))
    return _shown(session, made)


@door.get("/<announcement_id>")
@needs("announcements:read", gate="event")
@door.reads(AnnouncementOut, computed=True)
def read_announcement(session: Session, event_id: str, announcement_id: str) -> dict[str, Any]:
    """Read an announcement with the counts of its messages."""
    return _shown(session, _found(session, event_id, announcement_id)[1])


@door.patch("/<announcement_id>")
@needs("announcements:write", gate="event")
@door.body(AnnouncementPatch)
@door.writes(200, AnnouncementOut, precondition=True)
def change_announcement(
    session: Session, body: dict[str, Any], event_id: str, announcement_id: str
) -> dict[str, Any]:
    """Change a draft."""
    event, found = _found(session, event_id, announcement_id)
    expect(found)
    now = clock.now(session)
    changed = actions.change_announcement(session, actor(), event, found, body, now=now)
    return _shown(session, changed)


@door.delete("/<announcement_id>")
@needs("announcements:write", gate="event")
@door.writes(204, precondition=True)
def remove_announcement(session: Session, event_id: str, announcement_id: str) -> None:
    """Delete an announcement that was never on its way."""
    _, found = _found(session, event_id, announcement_id)
    expect(found)
    actions.remove_announcement(session, actor(), found, now=clock.now(session))


@door.post("/<announcement_id>/transitions")
@needs("announcements:write", gate="event", idempotency_required=True)
@door.body(AnnouncementStepBody)
@door.writes(200, AnnouncementOut, precondition=False)
def transition_announcement(
    session: Session, body: dict[str, Any], event_id: str, announcement_id: str
) -> dict[str, Any]:
    """Schedule an announcement, send it now, take it back, or cancel it."""
    event, found = _found(session, event_id, announcement_id, lock=True)
    expect(found)
    now = clock.now(session)
    moved = actions.transition_announcement(session, actor(), event, found, **body, now=now)
    return _shown(session, moved)


def _found(
    session: Session, event_id: str, announcement_id: str, *, lock: bool = False
) -> tuple[Event, Announcement]:
    event = event_for(session, actor(), event_id)
    return event, queries.announcement_for(session, event, announcement_id, lock=lock)


def _shown(session: Session, announcement: Announcement) -> dict[str, Any]:
    counts = queries.states_of_batches(session, [announcement.id])
    return announcement_shown(announcement, counts)
