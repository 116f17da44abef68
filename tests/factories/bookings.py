"""Synthetic workshops, visits and bookings."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from eventsvc.agenda.models import AgendaItem
from eventsvc.bookings import actions
from eventsvc.bookings.models import Booking
from eventsvc.events.models import Event
from eventsvc.registration.models import Registration
from eventsvc.visits.models import Bus, Visit
from tests.factories.agenda import make_session
from tests.factories.events import ACTOR, NOW, STARTS

_number = count(1)


def make_workshop(session: Session, event: Event, *, hour: float = 1, **values: Any) -> AgendaItem:
    """A workshop whose seats can be booked."""
    return make_session(session, event, hour=hour, **{"bookable": True, **values})


def make_visit(
    session: Session, event: Event, *buses: int, hour: float = 1, **values: Any
) -> AgendaItem:
    """A site visit of two hours with buses of so many seats; rows, for the visits room is above."""
    starts = STARTS + timedelta(hours=hour)
    told: dict[str, Any] = {
        "event_id": event.id,
        "kind": "visit",
        "type": "site_visit",
        "title": f"Example Visit {next(_number)}",
        "position": 100 + next(_number),
        "starts_at": starts,
        "ends_at": starts + timedelta(hours=2),
        "bookable": True,
        "visible": True,
        "state": "confirmed",
        "created_at": NOW,
    }
    item = AgendaItem(**{**told, **values})
    session.add(item)
    session.flush()
    session.add(Visit(id=item.id, event_id=event.id))
    session.flush()
    for number, seats in enumerate(buses):
        make_bus(session, item, seats, position=number)
    return item


def make_bus(session: Session, item: AgendaItem, seats: int, *, position: int = 0) -> Bus:
    """A bus of a visit."""
    bus = Bus(
        event_id=item.event_id,
        visit_id=item.id,
        name=f"Bus {position + 1}",
        seats=seats,
        position=position,
    )
    session.add(bus)
    session.flush()
    return bus


def make_booking(
    session: Session,
    item: AgendaItem,
    guest: Registration,
    *,
    now: datetime = NOW,
    **options: Any,
) -> Booking:
    """A booking made by staff."""
    return actions.book(session, ACTOR, item.event_id, item.id, guest.id, now=now, **options)
