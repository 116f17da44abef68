"""Doors: who speaks in a session, and who has a role on the whole event."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from eventsvc.agenda import actions, queries
from eventsvc.agenda.models import SpeakerRole
from eventsvc.agenda.policy import SESSION
from eventsvc.agenda.schemas import SpeakerBody, SpeakerOut, SpeakerPatch, SpeakerQuery
from eventsvc.core import clock
from eventsvc.core.http import Door, actor, expect, needs
from eventsvc.core.pages import Page, page
from eventsvc.events.queries import event_for

EVENT = "/api/v1/events/<event_id>"

door = Door("speakers", __name__, url_prefix=EVENT, description="Speakers and their roles")
IN_SESSION = "/sessions/<session_id>/speakers"


@door.get("/speakers")
@needs("speakers:read", gate="event")
@door.query(SpeakerQuery)
@door.lists(SpeakerOut, sort=tuple(queries.ROLE_SORTS))
def list_speakers(session: Session, query: dict[str, Any], event_id: str) -> Page:
    """List all roles of an event, with their item or none."""
    event = event_for(session, actor(), event_id)
    found = queries.roles_found(event, query)
    return page(session, found, query, sorts=queries.ROLE_SORTS, default="position")


@door.post("/speakers")
@needs("speakers:write", gate="event")
@door.body(SpeakerBody)
@door.writes(201, SpeakerOut)
def add_event_speaker(session: Session, body: dict[str, Any], event_id: str) -> SpeakerRole:
    """Give a person a role on the whole event, e.g. a moderator."""
    event = event_for(session, actor(), event_id)
    return actions.add_speaker(session, actor(), event, None, body, now=clock.now(session))


@door.get("/speakers/<speaker_id>")
@needs("speakers:read", gate="event")
@door.reads(SpeakerOut)
def read_speaker(session: Session, event_id: str, speaker_id: str) -> SpeakerRole:
    """Read a role."""
    event = event_for(session, actor(), event_id)
    return queries.speaker_for(session, event, speaker_id)


@door.patch("/speakers/<speaker_id>")
@needs("speakers:write", gate="event")
@door.body(SpeakerPatch)
@door.writes(200, SpeakerOut, precondition=True)
def change_speaker(
    session: Session, body: dict[str, Any], event_id: str, speaker_id: str
) -> SpeakerRole:
    """Change a role."""
    event = event_for(session, actor(), event_id)
    role = queries.speaker_for(session, event, speaker_id)
    expect(role)
    return actions.change_speaker(session, actor(), event, role, body, now=clock.now(session))


@door.delete("/speakers/<speaker_id>")
@needs("speakers:write", gate="event")
@door.writes(204, precondition=True)
def remove_speaker(session: Session, event_id: str, speaker_id: str) -> None:
    """Take a role away."""
    event = event_for(session, actor(), event_id)
    role = queries.speaker_for(session, event, speaker_id)
    expect(role)
    actions.remove_speaker(session, actor(), event, role, now=clock.now(session))


@door.get(IN_SESSION)
@needs("speakers:read", gate="event")
@door.query(SpeakerQuery)
@door.lists(SpeakerOut, sort=tuple(queries.ROLE_SORTS))
def list_session_speakers(
    session: Session, query: dict[str, Any], event_id: str, session_id: str
) -> Page:
    """List who speaks in a session, in order."""
    event = event_for(session, actor(), event_id)
    item = queries.item_for(session, event, session_id, SESSION)
    found = queries.roles_found(event, query, item_id=item.id)
    return page(session, found, query, sorts=queries.ROLE_SORTS, default="position")


@door.post(IN_SESSION)
@needs("speakers:write", gate="event")
@door.body(SpeakerBody)
@door.writes(201, SpeakerOut)
def add_session_speaker(
    session: Session, body: dict[str, Any], event_id: str, session_id: str
) -> SpeakerRole:
    """Give a person a role in a session."""
    event = event_for(session, actor(), event_id)
    item = queries.item_for(session, event, session_id, SESSION)
    return actions.add_speaker(session, actor(), event, item, body, now=clock.now(session))


@door.get(IN_SESSION + "/<speaker_id>")
@needs("speakers:read", gate="event")
@door.reads(SpeakerOut)
def read_session_speaker(
    session: Session, event_id: str, session_id: str, speaker_id: str
) -> SpeakerRole:
    """Read a role in a session."""
    event = event_for(session, actor(), event_id)
    return queries.speaker_for(session, event, speaker_id, item_id=session_id)


@door.patch(IN_SESSION + "/<speaker_id>")
@needs("speakers:write", gate="event")
@door.body(SpeakerPatch)
@door.writes(200, SpeakerOut, precondition=True)
def change_session_speaker(
    session: Session, body: dict[str, Any], event_id: str, session_id: str, speaker_id: str
) -> SpeakerRole:
    """Change a role in a session."""
    event = event_for(session, actor(), event_id)
    role = queries.speaker_for(session, event, speaker_id, item_id=session_id)
    expect(role)
    return actions.change_speaker(session, actor(), event, role, body, now=clock.now(session))


@door.delete(IN_SESSION + "/<speaker_id>")
@needs("speakers:write", gate="event")
@door.writes(204, precondition=True)
def remove_session_speaker(
    session: Session, event_id: str, session_id: str, speaker_id: str
) -> None:
    """Take a role in a session away."""
    event = event_for(session, actor(), event_id)
    role = queries.speaker_for(session, event, speaker_id, item_id=session_id)
    expect(role)
    actions.remove_speaker(session, actor(), event, role, now=clock.now(session))
