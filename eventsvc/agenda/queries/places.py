"""Questions about rooms and tracks."""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.sql import Select

from eventsvc.agenda.models import AgendaItem, Room, SpeakerRole, Track
from eventsvc.core.errors import NotFound
from eventsvc.core.ids import is_id
from eventsvc.events.models import Event

Part = TypeVar("Part", Room, Track, SpeakerRole)


def _part_for(session: Session, model: type[Part], event: Event, part_id: str) -> Part:
    if not is_id(part_id):
        raise NotFound
    statement = select(model).where(model.event_id == event.id, model.id == part_id)
    found = session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found


def room_for(session: Session, event: Event, room_id: str) -> Room:
    """The room of this event.

    Raises:
        NotFound: there is none, it is another event's, or the id is malformed.
    """
    return _part_for(session, Room, event, room_id)


def track_for(session: Session, event: Event, track_id: str) -> Track:
    """The track of this event.

    Raises:
        NotFound: there is none, it is another event's, or the id is malformed.
    """
    return _part_for(session, Track, event, track_id)


def speaker_for(
    session: Session, event: Event, role_id: str, *, item_id: str | None = None
) -> SpeakerRole:
    """The role of a speaker at this event; with ``item_id`` only on that item.

    Raises:
        NotFound: there is none, it is another event's or item's, or the id is malformed.
    """
    found = _part_for(session, SpeakerRole, event, role_id)
    if item_id is not None and found.item_id != item_id:
        raise NotFound
    return found


def rooms_of(event: Event) -> Select[Room]:
    """The rooms of an event, without order."""
    return select(Room).where(Room.event_id == event.id)


def tracks_of(event: Event) -> Select[Track]:
    """The tracks of an event, without order."""
    return select(Track).where(Track.event_id == event.id)


def items_in(session: Session, event: Event, part: Room | Track) -> list[AgendaItem]:
    """The items that take place in a room, or belong to a track."""
    column = AgendaItem.room_id if isinstance(part, Room) else AgendaItem.track_id
    statement = select(AgendaItem).where(AgendaItem.event_id == event.id, column == part.id)
    return list(session.scalars(statement))


def slug_taken(
    session: Session, event: Event, model: type[Room] | type[Track], slug: str
) -> str | None:
    """The id of the room or track of this event that has the slug, or None."""
    return session.scalar(select(model.id).where(model.event_id == event.id, model.slug == slug))
