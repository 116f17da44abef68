"""Rooms and tracks at the door."""

from __future__ import annotations

from eventsvc.core.pages import ListQuery
from eventsvc.core.text import Answer, Body, Boolean, Id, Integer, Patch, Slug, Text


class RoomBody(Body):
    """A new room; ``slug`` is made from the name when left out."""

    name = Text(max_length=120, required=True)
    slug = Slug()
    venue_id = Id(allow_none=True)
    capacity = Integer(maximum=1_000_000, allow_none=True)
    accessible = Boolean(allow_none=True)
    position = Integer(maximum=100_000)
    external_id = Text(max_length=100, allow_none=True)


class _RoomChanges(RoomBody):
    allow_over_capacity = Boolean()


class RoomPatch(Patch, _RoomChanges):
    """Changes of a room."""


class RoomOut(Answer):
    """A room."""

    id = Id()
    event_id = Id()
    slug = Slug()
    name = Text()
    venue_id = Id(allow_none=True)
    capacity = Integer(allow_none=True)
    accessible = Boolean(allow_none=True)
    position = Integer()
    external_id = Text(allow_none=True)
    version = Integer(minimum=1)


class TrackBody(Body):
    """A new track; ``slug`` is made from the name when left out."""

    name = Text(max_length=120, required=True)
    slug = Slug()
    color = Text(max_length=30, allow_none=True)
    position = Integer(maximum=100_000)


class TrackPatch(Patch, TrackBody):
    """Changes of a track."""


class TrackOut(Answer):
    """A track."""

    id = Id()
    event_id = Id()
    slug = Slug()
    name = Text()
    color = Text(allow_none=True)
    position = Integer()
    version = Integer(minimum=1)


class PlaceQuery(ListQuery):
    """What lists of rooms and tracks take."""
