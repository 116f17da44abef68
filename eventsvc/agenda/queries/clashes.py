"""Questions about double use: of rooms, of persons, of seats."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventsvc.agenda.models import AgendaItem, Room, SpeakerRole
from eventsvc.agenda.policy import CANCELLED, GONE_ROLES, Occupied, Span
from eventsvc.events.models import Event


def occupied_rooms(
    session: Session, event: Event, room_ids: Iterable[str] | None = None
) -> list[Occupied]:
    """Who needs which room when: timed items that are not cancelled."""
    statement = select(
        AgendaItem.id, AgendaItem.starts_at, AgendaItem.ends_at, AgendaItem.room_id,
        AgendaItem.block_id,
    ).where(
        AgendaItem.event_id == event.id,
        AgendaItem.state != CANCELLED,
        AgendaItem.starts_at.is_not(None),
        AgendaItem.room_id.is_not(None),
    )  # fmt: skip
    if room_ids is not None:
        statement = statement.where(AgendaItem.room_id.in_(set(room_ids)))
    return [
        Occupied(item_id, Span(starts, ends), room_id, block_id)
        for item_id, starts, ends, room_id, block_id in session.execute(statement)
        if starts and ends and room_id
    ]


def occupied_persons(
    session: Session, event: Event, person_ids: Iterable[str] | None = None
) -> list[Occupied]:
    """Who is needed where when: roles on timed items that are not cancelled, stand-ins apart."""
    statement = (
        select(AgendaItem.id, AgendaItem.starts_at, AgendaItem.ends_at, SpeakerRole.person_id)
        .join(SpeakerRole, SpeakerRole.item_id == AgendaItem.id)
        .where(
            AgendaItem.event_id == event.id,
            AgendaItem.state != CANCELLED,
            AgendaItem.starts_at.is_not(None),
            SpeakerRole.state.not_in(GONE_ROLES),
        )
        .distinct()
    )
    if person_ids is not None:
        statement = statement.where(SpeakerRole.person_id.in_(set(person_ids)))
    return [
        Occupied(item_id, Span(starts, ends), person_id)
        for item_id, starts, ends, person_id in session.execute(statement)
        if starts and ends
    ]


def beyond_room(session: Session, event: Event) -> list[tuple[AgendaItem, Room]]:
    """The items that offer more places than their room has, with the room."""
    statement = (
        select(AgendaItem, Room)
        .join(Room, Room.id == AgendaItem.room_id)
        .where(
            AgendaItem.event_id == event.id,
            AgendaItem.state != CANCELLED,
            AgendaItem.capacity > Room.capacity,
        )
        .order_by(AgendaItem.day, AgendaItem.position, AgendaItem.id)
    )
    return [(item, room) for item, room in session.execute(statement)]
