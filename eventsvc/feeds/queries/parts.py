"""The feeds of tracks, rooms and types: what a poll finds, what they are joined from.

They hang on the revision of their edition: whatever moves an item into a part or out of it is seen
in the item (its place or its categories), so it raises that revision.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import Select

from eventsvc.agenda.models import AgendaItem, Room, Track
from eventsvc.agenda.policy import ITEM_TYPES, type_label
from eventsvc.core.errors import NotFound
from eventsvc.events.models import Event
from eventsvc.feeds.policy import ROOM, TRACK, type_kind, type_of
from eventsvc.feeds.queries.contents import Subject, event_subject
from eventsvc.feeds.queries.polls import Poll, edition_names, known_edition, look_up, public_poll
from eventsvc.ical.models import CalendarEntry
from eventsvc.ical.queries import public_entries

PLACES: dict[str, type[Track] | type[Room]] = {TRACK: Track, ROOM: Room}
"""The rows that are a part of an edition, by kind of feed."""

_FOLDERS = {TRACK: "tracks", ROOM: "rooms"}


@cache
def _place_look_up(kind: str, *, alone: bool) -> Select[Any]:
    model = PLACES[kind]
    named = and_(model.event_id == Event.id, model.slug == bindparam("part_slug"))
    return look_up(kind, known_edition(alone=alone).join(model, named), model.id, Event.id)


@cache
def _type_look_up(*, alone: bool) -> Select[Any]:
    return look_up(bindparam("kind"), known_edition(alone=alone), Event.id, Event.id)


def place_poll(
    session: Session, series_slug: str, event_slug: str, *, kind: str, part_slug: str
) -> Poll:
    """The feed of a track or room (``kind``) of the edition that the public knows.

    Raises:
        NotFound: there is none, or the edition was not announced.
    """
    alone, names = edition_names(series_slug, event_slug)
    names["part_slug"] = part_slug
    return public_poll(session, kind, _place_look_up(kind, alone=alone), names)


def type_poll(session: Session, series_slug: str, event_slug: str, *, item_type: str) -> Poll:
    """The feed of the items of one type of an edition; a type of which it has none is empty.

    Raises:
        NotFound: there is no such type or edition, or the edition was not announced.
    """
    if item_type not in ITEM_TYPES:
        raise NotFound
    alone, names = edition_names(series_slug, event_slug)
    kind = names["kind"] = type_kind(item_type)
    return public_poll(session, kind, _type_look_up(alone=alone), names)


def part_subject(session: Session, kind: str, scope_id: str) -> Subject:
    """The part of an edition as its feed shows it.

    Raises:
        NotFound: there is none.
    """
    item_type = type_of(kind)
    if item_type is not None:
        edition = event_subject(session, scope_id)
        return _part(edition, scope_id, type_label(item_type), ("types", item_type))
    model = PLACES[kind]
    row = session.execute(
        select(model.event_id, model.name, model.slug).where(model.id == scope_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return _part(
        event_subject(session, row.event_id), scope_id, row.name, (_FOLDERS[kind], row.slug)
    )


def _part(edition: Subject, scope_id: str, name: str, part: tuple[str, str]) -> Subject:
    return replace(edition, scope_id=scope_id, name=f"{edition.name}: {name}", part=part)


def part_entries(event_id: str, kind: str, scope_id: str) -> Select[CalendarEntry]:
    """The entries of the items of a part that public feeds show, without order."""
    mine = and_(AgendaItem.event_id == event_id, AgendaItem.id == CalendarEntry.owner_id)
    return (
        public_entries(event_id)
        .join(AgendaItem, mine)
        .where(CalendarEntry.owner_kind == "item", _in_part(kind, scope_id))
    )


def _in_part(kind: str, scope_id: str) -> ColumnElement[bool]:
    item_type = type_of(kind)
    if item_type is not None:
        return AgendaItem.type == item_type
    column = AgendaItem.track_id if kind == TRACK else AgendaItem.room_id
    return column == scope_id
