"""The passenger list of a visit at the door."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from eventsvc.bookings.queries import Manifest, Passenger
from eventsvc.bookings.schemas.seats import BOOKING_STATES
from eventsvc.core.text import Answer, Boolean, Choice, Id, Instant, Integer, ListOf, Part, Text


class PassengerOut(Answer):
    """Somebody with a seat on a visit; ``photo_allowed`` false asks not to be photographed."""

    booking_id = Id()
    registration_id = Id()
    code = Text()
    name = Text()
    organisation = Text(allow_none=True)
    state = Choice(BOOKING_STATES)
    photo_allowed = Boolean()
    stop_id = Id(allow_none=True)


class ManifestStopOut(Answer):
    """A stop and how many get on there."""

    id = Id()
    place = Text()
    leaves_at = Instant(zone_from="timezone")
    booked = Integer()


class ManifestBusOut(Answer):
    """A bus with its passengers, by stop and then by name."""

    id = Id()
    name = Text()
    seats = Integer()
    guide = Text(allow_none=True)
    booked = Integer()
    stops = ListOf(Part(ManifestStopOut), 100)
    passengers = ListOf(Part(PassengerOut), 1000)


class ManifestOut(Answer):
    """Who goes on a visit. ``named`` false: the caller may see numbers, not people."""

    site_visit_id = Id()
    title = Text()
    meeting_point = Text(allow_none=True)
    named = Boolean()
    places = Integer(allow_none=True)
    booked = Integer()
    offered = Integer()
    waiting = Integer()
    without_bus = Integer()
    buses = ListOf(Part(ManifestBusOut), 100)
    unassigned = ListOf(Part(PassengerOut), 1000)


def shown_manifest(found: Manifest, *, named: bool) -> dict[str, Any]:
    """The document that :class:`ManifestOut` writes."""

    def people(passengers: Sequence[Passenger]) -> list[dict[str, Any]]:
        told = passengers if named else ()
        return [{**vars(one), "stop_id": one.stop and one.stop.id} for one in told]

    return {
        "site_visit_id": found.visit.id,
        "title": found.visit.item.title,
        "meeting_point": found.visit.meeting_point,
        "named": named,
        "places": found.places,
        "booked": found.booked,
        "offered": found.offered,
        "waiting": found.waiting,
        "without_bus": len(found.unassigned),
        "buses": [
            {
                **{name: getattr(load.bus, name) for name in ("id", "name", "seats", "guide")},
                "booked": len(load.passengers),
                "stops": [
                    {"id": stop.id, "place": stop.place, "leaves_at": stop.leaves_at,
                     "timezone": stop.timezone, "booked": load.at(stop)}
                    for stop in load.bus.stops
                ],
                "passengers": people(load.passengers),
            }
            for load in found.loads
        ],
        "unassigned": people(found.unassigned),
    }  # fmt: skip
