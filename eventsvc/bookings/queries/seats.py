"""How many seats sessions and visits have left."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from eventsvc.agenda import queries as agenda
from eventsvc.agenda.models import AgendaItem, Room
from eventsvc.bookings.models import Booking
from eventsvc.bookings.policy import BusSeats, Seats, capacity_of
from eventsvc.events.models import Event
from eventsvc.registration import queries as registration
from eventsvc.registration.policy import HOLDING, MODES, free_places, waiting_in_mode
from eventsvc.visits.models import Bus


def seats_of(session: Session, items: Sequence[AgendaItem]) -> dict[str, Seats]:
    """Item id → its seats; three queries for any number of items. Ask it under the event lock."""
    ids = [item.id for item in items]
    rows = session.execute(
        select(Booking.item_id, Booking.bus_id, Booking.state, func.count())
        .where(Booking.item_id.in_(ids), Booking.state.in_([*HOLDING, "waitlisted"]))
        .group_by(Booking.item_id, Booking.bus_id, Booking.state)
    )
    taken: dict[str, int] = {}
    waiting: dict[str, int] = {}
    on_bus: dict[str, int] = {}
    for item_id, bus_id, state, count in rows:
        counted = waiting if state == "waitlisted" else taken
        counted[item_id] = counted.get(item_id, 0) + count
        if bus_id is not None and state != "waitlisted":
            on_bus[bus_id] = on_bus.get(bus_id, 0) + count
    buses: dict[str, list[BusSeats]] = {}
    for bus in session.scalars(
        select(Bus).where(Bus.visit_id.in_(ids)).order_by(Bus.position, Bus.id)
    ):
        seats = BusSeats(bus.id, bus.seats, on_bus.get(bus.id, 0))
        buses.setdefault(bus.visit_id, []).append(seats)
    found = {}
    for item_id, places in _places(session, ids).items():
        carried = buses.get(item_id, [])
        capacity = capacity_of(places, [bus.seats for bus in carried])
        counts = (taken.get(item_id, 0), waiting.get(item_id, 0))
        found[item_id] = Seats(capacity, *counts, tuple(carried))
    return found


def _places(session: Session, ids: Sequence[str]) -> dict[str, int | None]:
    """Item id → its own number of seats, else its room's, as they are now."""
    rows = session.execute(
        select(AgendaItem.id, func.coalesce(AgendaItem.capacity, Room.capacity).label("places"))
        .outerjoin(Room, Room.id == AgendaItem.room_id)
        .where(AgendaItem.id.in_(ids))
    )
    return {row.id: row.places for row in rows}


def seats(session: Session, item: AgendaItem) -> Seats:
    """The seats of one item."""
    return seats_of(session, [item])[item.id]


def availability(
    session: Session, event: Event, *, shown_only: bool, now: datetime
) -> dict[str, Any]:
    """Places by event, mode, session and visit; a fixed number of queries.

    ``shown_only``: only what the public may see.
    """
    places = registration.places(session, event, now=now)
    statement = agenda.items_of(event).where(AgendaItem.bookable.is_(True))
    if shown_only:
        statement = statement.where(AgendaItem.visible.is_(True))
    statement = statement.where(AgendaItem.state != "cancelled")
    items = list(session.scalars(statement))
    agenda.belonging(event, items)
    left = seats_of(session, items)
    modes = [mode for mode in MODES if mode in _offered(event)]
    return {
        "capacity": places.capacity,
        "taken": places.held(),
        "waiting": sum(places.waiting.values()),
        "waiting_list": event.waiting_list,
        "modes": [
            {
                "mode": mode,
                "capacity": places.by_mode.get(mode),
                "taken": places.held(mode=mode),
                "free": free_places(places, (mode, None)),
                "waiting": waiting_in_mode(places, mode),
            }
            for mode in modes
        ],
        "items": [_row(item, left[item.id]) for item in sorted(items, key=agenda.programme_order)],
    }


def _offered(event: Event) -> Sequence[str]:
    return MODES if event.mode == "hybrid" else (event.mode or "on_site",)


def _row(item: AgendaItem, left: Seats) -> dict[str, Any]:
    return {
        "id": item.id,
        "kind": item.kind,
        "title": item.title,
        "capacity": left.capacity,
        "taken": left.taken,
        "free": left.free,
        "waiting": left.waiting,
    }
