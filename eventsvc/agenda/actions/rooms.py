"""Rooms and tracks: added, changed, removed when nothing is in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from eventsvc.agenda.actions.references import check_references
from eventsvc.agenda.actions.telling import Before, before, tell_changes
from eventsvc.agenda.models import AgendaItem, Room, Track
from eventsvc.agenda.queries import belonging, items_in, slug_taken
from eventsvc.audit.actions import record
from eventsvc.core.errors import Conflict
from eventsvc.core.rights import Actor
from eventsvc.core.text import search_key
from eventsvc.events.models import Event
from eventsvc.events.policy import refuse_archived
from eventsvc.events.queries import lock_event

LONGEST_STEM = 60
Part = TypeVar("Part", Room, Track)


def add_room(
    session: Session, actor: Actor, event: Event, values: Mapping[str, Any], *, now: datetime
) -> Room:
    """Add a room; ``values``: columns of :class:`Room`, at least ``name``.

    Raises:
        Conflict: ``slug-taken``, ``archived``.
        Invalid: a venue that is not of this event.
    """
    refuse_archived(event.state)
    check_references(session, event, values)
    room = Room(event_id=event.id, **_with_slug(session, event, Room, values))
    return _added(session, actor, room, "room.added", now)


def add_track(
    session: Session, actor: Actor, event: Event, values: Mapping[str, Any], *, now: datetime
) -> Track:
    """Add a track; ``values``: columns of :class:`Track`, at least ``name``.

    Raises:
        Conflict: ``slug-taken``, ``archived``.
    """
    refuse_archived(event.state)
    track = Track(event_id=event.id, **_with_slug(session, event, Track, values))
    return _added(session, actor, track, "track.added", now)


def _added(session: Session, actor: Actor, part: Part, action: str, now: datetime) -> Part:
    session.add(part)
    session.flush()
    record(session, actor, action, part, now=now)
    return part


def _with_slug(
    session: Session, event: Event, model: type[Room] | type[Track], values: Mapping[str, Any]
) -> dict[str, Any]:
    """The values with a slug: the given one if it is free, else a free one made from the name."""
    given = values.get("slug")
    if given is not None:
        _check_slug(session, event, model, given)
        return dict(values)
    plain = re.sub("[^a-z0-9]+", "-", search_key(values["name"])).strip("-")
    stem = plain[:LONGEST_STEM].strip("-") or model.__tablename__.removesuffix("s")
    like = select(model.slug).where(model.event_id == event.id, model.slug.startswith(stem))
    taken = set(session.scalars(like))
    free = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    slug = stem if stem not in taken else next(each for each in free if each not in taken)
    return {**values, "slug": slug}


def _check_slug(
    session: Session, event: Event, model: type[Room] | type[Track], slug: str, own: str = ""
) -> None:
    taken = slug_taken(session, event, model, slug)
    if taken is not None and taken != own:
        raise Conflict("slug-taken", "Choose another slug.", conflicts_with=[taken])


def change_room(
    session: Session,
    actor: Actor,
    event: Event,
    room: Room,
    values: Mapping[str, Any],
    *,
    now: datetime,
) -> Room:
    """Change a room. Its capacity is that of items without one of their own: they are told of.

    Raises:
        Conflict: ``slug-taken``, ``archived``, or what a listener says of fewer places.
        Invalid: a venue that is not of this event.
    """
    event = lock_event(session, event.id)
    check_references(session, event, values)
    affected = _affected(session, event, room) if "capacity" in values else []
    changes = {name: value for name, value in values.items() if name != "allow_over_capacity"}
    _change(session, actor, event, room, changes, now=now)
    allow_over = bool(values.get("allow_over_capacity"))
    for item, was in affected:
        tell_changes(session, event, item, was, allow_over=allow_over, now=now)
    return room


def _affected(session: Session, event: Event, room: Room) -> list[tuple[AgendaItem, Before]]:
    items = [item for item in items_in(session, event, room) if item.capacity is None]
    belonging(event, items)
    for item in items:
        set_committed_value(item, "room", room)
    return [(item, before(item)) for item in items]


def change_track(
    session: Session,
    actor: Actor,
    event: Event,
    track: Track,
    values: Mapping[str, Any],
    *,
    now: datetime,
) -> Track:
    """Change a track.

    Raises:
        Conflict: ``slug-taken``, ``archived``.
    """
    _change(session, actor, event, track, values, now=now)
    return track


def _change(
    session: Session,
    actor: Actor,
    event: Event,
    part: Room | Track,
    values: Mapping[str, Any],
    *,
    now: datetime,
) -> None:
    refuse_archived(event.state)
    if "slug" in values:
        _check_slug(session, event, type(part), values["slug"], part.id)
    changed = sorted(name for name, value in values.items() if getattr(part, name) != value)
    for name in changed:
        setattr(part, name, values[name])
    session.flush()
    word = part.__tablename__.removesuffix("s")
    record(session, actor, f"{word}.changed", part, now=now, changes={"fields": changed})


def remove_place(
    session: Session, actor: Actor, event: Event, part: Room | Track, *, now: datetime
) -> None:
    """Delete a room or track that no item is in.

    Raises:
        Conflict: ``in-use`` with the items, ``archived``.
    """
    event = lock_event(session, event.id)
    refuse_archived(event.state)
    used = [item.id for item in items_in(session, event, part)]
    if used:
        raise Conflict("in-use", "Take it from these items first.", conflicts_with=used)
    word = part.__tablename__.removesuffix("s")
    record(session, actor, f"{word}.removed", part, now=now)
    session.delete(part)
    session.flush()
