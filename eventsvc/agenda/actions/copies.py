"""The agenda of a new edition made after an older one (api.md §6, ``copy_from``)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from eventsvc.agenda.actions.timing import place, span_of
from eventsvc.agenda.models import AgendaItem, Room, Track
from eventsvc.agenda.policy import CANCELLED, VISIT, inside, room_left
from eventsvc.core.errors import Invalid
from eventsvc.core.ids import copied_id
from eventsvc.events.models import Event
from eventsvc.events.policy import Shift

ROOM = ("slug", "name", "capacity", "accessible", "position")
TRACK = ("slug", "name", "color", "position")
# no join link, source or points: they are of that edition; no state, nothing of attendance
ITEM = (
    "kind", "type", "title", "title_printed", "abstract", "day", "day_basis", "position",
    "slot_text", "zone", "parallel_group", "stands_for", "mode", "capacity", "bookable",
    "waiting_list_limit", "languages",
)  # fmt: skip


def copy_agenda(session: Session, source: Event, event: Event, *, now: datetime) -> None:
    """Give ``event`` the rooms, tracks, sessions and visits of ``source``, planned and hidden.

    Times move by whole days and keep the clock. Where an edition has no day yet, or an item would
    lie outside the new edition or in an hour that clocks skip, it keeps its day and order alone.
    What was cancelled is left out; nobody who spoke is copied.
    """
    for room in session.scalars(select(Room).where(Room.event_id == source.id)).all():
        copy = Room(id=copied_id(event.id, room.id), event_id=event.id, **_told(room, ROOM))
        copy.venue_id = _copied(event, room.venue_id)
        session.add(copy)
    for track in session.scalars(select(Track).where(Track.event_id == source.id)).all():
        told = _told(track, TRACK)
        session.add(Track(id=copied_id(event.id, track.id), event_id=event.id, **told))
    session.flush()
    held = AgendaItem.event_id == source.id, AgendaItem.state != CANCELLED
    items = session.scalars(select(AgendaItem).where(*held)).all()
    shift = Shift.between(source, event)
    there = {item.id for item in items}
    # a block goes before its members, which point to it
    for item in sorted(items, key=lambda item: item.block_id is not None):
        session.add(_item(event, item, shift, there, now=now))
    session.flush()


def _told(thing: object, names: tuple[str, ...]) -> dict[str, object]:
    return {name: getattr(thing, name) for name in names}


def _copied(event: Event, original_id: str | None) -> str | None:
    return None if original_id is None else copied_id(event.id, original_id)


def _item(
    event: Event, item: AgendaItem, shift: Shift, there: set[str], *, now: datetime
) -> AgendaItem:
    copy = AgendaItem(
        id=copied_id(event.id, item.id), event_id=event.id, created_at=now, **_told(item, ITEM)
    )
    set_committed_value(copy, "event", event)
    copy.room_id = _copied(event, item.room_id)
    copy.track_id = _copied(event, item.track_id)
    copy.block_id = _copied(event, item.block_id) if item.block_id in there else None
    _place(event, copy, shift.wall(item.starts_wall), shift.wall(item.ends_wall))
    if shift.days is not None:
        days = timedelta(days=shift.days)
        copy.booking_opens_at = item.booking_opens_at and item.booking_opens_at + days
        copy.booking_closes_at = item.booking_closes_at and item.booking_closes_at + days
    if copy.kind == VISIT and copy.starts_at is None:
        copy.bookable = False  # seats of a visit need times (api.md §6)
    return copy


def _place(event: Event, copy: AgendaItem, starts: datetime | None, ends: datetime | None) -> None:
    try:
        place(event, copy, starts, ends)
    except Invalid:  # clocks skip this hour there
        place(event, copy, None, None)
    span, outer = span_of(copy), span_of(event)
    slack = room_left(copy.kind, copy.type)
    if span is not None and outer is not None and not inside(span, outer, slack):
        place(event, copy, None, None)
