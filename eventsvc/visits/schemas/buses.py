"""Buses and stops at the door."""

from __future__ import annotations

from marshmallow import fields

from eventsvc.core.pages import ListQuery
from eventsvc.core.text import Answer, Body, Id, Instant, Integer, Patch, Text


class BusBody(Body):
    """A new bus."""

    name = Text(max_length=100, required=True)
    seats = Integer(maximum=1_000, required=True)
    guide = Text(max_length=200, allow_none=True)
    position = Integer(maximum=10_000)


class BusPatch(Patch, BusBody):
    """Changes of a bus."""


class StopBody(Body):
    """A new stop."""

    place = Text(max_length=200, required=True)
    leaves_at = Instant(required=True)
    position = Integer(maximum=10_000)


class StopPatch(Patch, StopBody):
    """Changes of a stop."""


class StopOut(Answer):
    """A stop."""

    id = Id()
    event_id = Id()
    bus_id = Id()
    place = Text()
    leaves_at = Instant(zone_from="timezone")
    position = Integer()
    version = Integer(minimum=1)


class BusOut(Answer):
    """A bus with its stops in order of departure."""

    id = Id()
    event_id = Id()
    site_visit_id = Id(attribute="visit_id")
    name = Text()
    seats = Integer()
    guide = Text(allow_none=True)
    position = Integer()
    stops = fields.List(fields.Nested(StopOut))
    version = Integer(minimum=1)


class BusQuery(ListQuery):
    """What lists of buses and stops take."""
