"""Which calendars an edition offers: the whole, and the parts that hold anything."""

from __future__ import annotations

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from eventsvc.agenda.models import AgendaItem, Room, Track
from eventsvc.agenda.policy import type_label
from eventsvc.core import config
from eventsvc.events.models import Event
from eventsvc.feeds.policy import part_path, subscribe_links
from eventsvc.ical.models import CalendarEntry


def parts_offered(session: Session, event: Event, series_slug: str | None) -> list[dict[str, str]]:
    """The tracks, rooms and types with an item in the public calendar, and their addresses.

    Each has ``folder`` (tracks, rooms, types), ``slug``, ``name``, ``address``, ``webcal``.
    Tracks, then rooms, each in the organiser's order, then types by name; one query.
    """
    shown = and_(
        CalendarEntry.owner_kind == "item",
        CalendarEntry.owner_id == AgendaItem.id,
        CalendarEntry.removed_at.is_(None),
    )
    rows = session.execute(
        select(
            AgendaItem.type,
            Track.position.label("track_at"),
            Track.slug.label("track_slug"),
            Track.name.label("track_name"),
            Room.position.label("room_at"),
            Room.slug.label("room_slug"),
            Room.name.label("room_name"),
        )
        .join(CalendarEntry, shown)
        .outerjoin(Track, Track.id == AgendaItem.track_id)
        .outerjoin(Room, Room.id == AgendaItem.room_id)
        .where(AgendaItem.event_id == event.id)
        .distinct()
    ).all()
    tracks = {(row.track_at, row.track_slug, row.track_name) for row in rows if row.track_slug}
    rooms = {(row.room_at, row.room_slug, row.room_name) for row in rows if row.room_slug}
    types = {(type_label(row.type), row.type) for row in rows}
    offered = [
        *(("tracks", slug, name) for _, slug, name in sorted(tracks)),
        *(("rooms", slug, name) for _, slug, name in sorted(rooms)),
        *(("types", slug, name) for name, slug in sorted(types)),
    ]
    return [
        {"folder": folder, "slug": slug, "name": name}
        | _address(part_path(series_slug, event.slug, (folder, slug)), name)
        for folder, slug, name in offered
    ]


def _address(path: str, name: str) -> dict[str, str]:
    links = subscribe_links(config.current().base_url + path, name)
    return {kind: links[kind] for kind in ("address", "webcal")}
