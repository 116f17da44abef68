"""What is wrong in a programme: double use, and more places than there are (api.md §6)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventsvc.agenda.models import AgendaItem, Room
from eventsvc.agenda.policy import CANCELLED, Clash, Offer, Span, clashes, crowds
from eventsvc.agenda.policy.differences import written_when
from eventsvc.agenda.queries.clashes import beyond_room, occupied_persons, occupied_rooms
from eventsvc.core.text import zoned_instant
from eventsvc.events.models import Event, Venue
from eventsvc.events.policy import zone_of

KINDS = {
    "room-conflict": "room",
    "speaker-conflict": "speaker",
    "capacity-above-room": "capacity",
    "group-above-venue": "capacity",
    "speaker-travel-time": "travel",
    "item-travel-time": "travel",
}


def conflict(
    event: Event, code: str, subject_id: str, item_ids: Sequence[str], detail: str
) -> dict[str, Any]:
    """One conflict as the door answers it; times are the caller's to add."""
    return {
        "code": code,
        "kind": KINDS[code],
        "subject_id": subject_id,
        "item_ids": list(item_ids),
        "starts_at": None,
        "ends_at": None,
        "minutes_missing": None,
        "detail": detail,
        "timezone": zone_of(event),
    }


def titles_of(session: Session, event: Event) -> dict[str, str]:
    """Item id → title, of all items of an event."""
    rows = session.execute(
        select(AgendaItem.id, AgendaItem.title).where(AgendaItem.event_id == event.id)
    )
    return {row.id: row.title for row in rows}


def bookable_ids(session: Session, event: Event) -> list[str]:
    """The items of an event whose seats can be booked."""
    wanted = select(AgendaItem.id).where(
        AgendaItem.event_id == event.id,
        AgendaItem.bookable.is_(True),
        AgendaItem.state != CANCELLED,
    )
    return list(session.scalars(wanted))


def double_use(session: Session, event: Event) -> list[dict[str, Any]]:
    """Rooms and speakers used twice, more places than a room or a house has; five statements."""
    titles = titles_of(session, event)
    found = [
        _double(event, code, clash, titles)
        for code, occupied in (
            ("room-conflict", occupied_rooms(session, event)),
            ("speaker-conflict", occupied_persons(session, event)),
        )
        for clash in clashes(occupied)
    ]
    for item, room in beyond_room(session, event):
        detail = f"“{item.title}” offers {item.capacity} places; {room.name} has {room.capacity}."
        told = conflict(event, "capacity-above-room", room.id, [item.id], detail)
        found.append(told | {"starts_at": item.starts_at, "ends_at": item.ends_at})
    return found + _crowded_houses(session, event)


def _double(event: Event, code: str, clash: Clash, titles: dict[str, str]) -> dict[str, Any]:
    one, other = (titles[item_id] for item_id in clash.item_ids)
    thing = "the same room" if code == "room-conflict" else "the same speaker"
    times = {
        name: zoned_instant(getattr(clash, name), zone_of(event))
        for name in ("starts_at", "ends_at")
    }
    detail = f"“{one}” and “{other}” need {thing} at one time: {written_when(times)}."
    told = conflict(event, code, clash.thing_id, clash.item_ids, detail)
    return told | {"starts_at": clash.starts_at, "ends_at": clash.ends_at}


def _crowded_houses(session: Session, event: Event) -> list[dict[str, Any]]:
    rows = session.execute(
        select(AgendaItem, Room, Venue)
        .join(Room, Room.id == AgendaItem.room_id)
        .join(Venue, Venue.id == Room.venue_id)
        .where(
            AgendaItem.event_id == event.id,
            AgendaItem.state != CANCELLED,
            AgendaItem.starts_at.is_not(None),
            AgendaItem.parallel_group.is_not(None),
            Venue.capacity.is_not(None),
        )
    ).all()
    houses = {venue.id: venue for _, _, venue in rows}
    offers = []
    for item, room, venue in rows:
        places = room.capacity if item.capacity is None else item.capacity
        if places is not None and item.starts_at and item.ends_at and item.parallel_group:
            span = Span(item.starts_at, item.ends_at)
            offers.append(Offer(item.id, span, places, item.parallel_group, venue.id))
    limits = {venue.id: venue.capacity for venue in houses.values() if venue.capacity is not None}
    found = []
    for crowd in crowds(offers, limits):
        house = houses[crowd.venue_id]
        detail = (
            f"The parallel sessions “{crowd.group}” offer {crowd.places} places at one time;"
            f" {house.name} has {house.capacity}."
        )
        told = conflict(event, "group-above-venue", house.id, crowd.item_ids, detail)
        found.append(told | {"starts_at": crowd.starts_at, "ends_at": crowd.ends_at})
    return found
