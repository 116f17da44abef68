"""Who goes on a site visit, by bus and stop (editions.md §5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventsvc.bookings.models import Booking
from eventsvc.bookings.queries.rows import bookings
from eventsvc.bookings.queries.seats import seats
from eventsvc.core.errors import Invalid
from eventsvc.events.models import Event
from eventsvc.registration.queries import photos_allowed
from eventsvc.visits.models import Bus, Stop, Visit
from eventsvc.visits.queries import visits_with_buses

ABOARD = ("confirmed", "attended", "no_show")


@dataclass(frozen=True)
class Passenger:
    """Somebody with a seat. ``stop``: where they get on, once they said so."""

    booking_id: str
    registration_id: str
    code: str
    name: str
    organisation: str | None
    state: str
    photo_allowed: bool
    stop: Stop | None


@dataclass(frozen=True)
class Load:
    """A bus with its passengers, by stop and then by name."""

    bus: Bus
    passengers: tuple[Passenger, ...]

    def at(self, stop: Stop) -> int:
        """How many get on there."""
        return sum(one.stop is not None and one.stop.id == stop.id for one in self.passengers)


@dataclass(frozen=True)
class Manifest:
    """A visit, who goes on it, and how many hold an offer or wait. ``places`` None: no limit."""

    visit: Visit
    loads: tuple[Load, ...]
    unassigned: tuple[Passenger, ...]
    places: int | None
    offered: int
    waiting: int

    @property
    def booked(self) -> int:
        """Passengers in all."""
        return sum(len(load.passengers) for load in self.loads) + len(self.unassigned)


def manifest_of(session: Session, event: Event, visit: Visit) -> Manifest:
    """Who goes on a visit; a fixed number of statements whatever their number."""
    (full,) = visits_with_buses(session, event, [visit.id])
    rows = session.scalars(bookings(event.id).where(Booking.item_id == visit.id)).all()
    aboard = [row for row in rows if row.state in ABOARD]
    allowed = photos_allowed(session, {row.participant_id for row in aboard})
    stops = {stop.id: stop for bus in full.buses for stop in bus.stops}
    by_bus: dict[str | None, list[Passenger]] = {}
    for row in aboard:
        stop = stops.get(row.stop_id or "")
        seated = _passenger(row, stop if stop and stop.bus_id == row.bus_id else None, allowed)
        by_bus.setdefault(row.bus_id, []).append(seated)
    return Manifest(
        visit=full,
        loads=tuple(Load(bus, _in_order(by_bus.get(bus.id, ()))) for bus in full.buses),
        unassigned=_in_order(by_bus.get(None, ())),
        places=seats(session, full.item).capacity,
        offered=sum(row.state == "offered" for row in rows),
        waiting=sum(row.state == "waitlisted" for row in rows),
    )


def _passenger(row: Booking, stop: Stop | None, allowed: set[str]) -> Passenger:
    guest = row.registration
    return Passenger(
        booking_id=row.id,
        registration_id=guest.id,
        code=guest.code,
        name=guest.participant.name,
        organisation=guest.participant.organisation_name,
        state=row.state,
        photo_allowed=row.participant_id in allowed,
        stop=stop,
    )


def _in_order(passengers: Sequence[Passenger]) -> tuple[Passenger, ...]:
    def key(one: Passenger) -> tuple[bool, float, str, str]:
        leaves = one.stop.leaves_at.timestamp() if one.stop else 0.0
        return one.stop is None, leaves, one.name.casefold(), one.booking_id

    return tuple(sorted(passengers, key=key))


def bus_of_stop(session: Session, visit_id: str, stop_id: str, bus_id: str | None) -> str:
    """The bus that stops there, for a booking; ``bus_id``: the one asked for, if any.

    Raises:
        Invalid: this visit has no such stop, or it is another bus's.
    """
    wanted = select(Stop.bus_id).join(Bus, Bus.id == Stop.bus_id)
    found = session.scalar(wanted.where(Bus.visit_id == visit_id, Stop.id == stop_id))
    if found is None:
        raise Invalid.field("/stop_id", "unknown", "This visit has no such stop.")
    if bus_id is not None and bus_id != found:
        raise Invalid.field("/stop_id", "other-bus", "That bus does not stop there.")
    return found
