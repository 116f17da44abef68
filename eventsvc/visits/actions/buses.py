"""Buses of a visit and where they stop."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from eventsvc.audit.actions import record
from eventsvc.core.errors import Invalid
from eventsvc.core.rights import Actor
from eventsvc.core.text import ValueRefused
from eventsvc.events.models import Event
from eventsvc.events.policy import instant_of, refuse_archived, wall_of
from eventsvc.events.queries import lock_event
from eventsvc.facts.actions import tell
from eventsvc.visits.models import Bus, Stop, Visit
from eventsvc.visits.policy import BusSeatsChanged, DeparturesChanged, leaves_in_time


def _lock(session: Session, event: Event) -> Event:
    event = lock_event(session, event.id)
    refuse_archived(event.state)
    return event


def _tell_seats(session: Session, event: Event, bus: Bus, seats: int, now: datetime) -> None:
    about = {"organiser_id": event.organiser_id, "event_id": event.id, "visit_id": bus.visit_id}
    tell(session, BusSeatsChanged(at=now, subject_id=bus.id, seats=seats, **about))


def _tell_departures(session: Session, event: Event, visit_id: str, now: datetime) -> None:
    about = {"organiser_id": event.organiser_id, "event_id": event.id}
    tell(session, DeparturesChanged(at=now, subject_id=visit_id, **about))


def add_bus(
    session: Session,
    actor: Actor,
    event: Event,
    visit: Visit,
    values: Mapping[str, Any],
    *,
    now: datetime,
) -> Bus:
    """Add a bus; ``values``: ``name``, ``seats`` and further columns of :class:`Bus`.

    Raises:
        Conflict: ``archived``, or what a listener says.
    """
    event = _lock(session, event)
    bus = Bus(event_id=event.id, visit_id=visit.id, **values)
    session.add(bus)
    session.flush()
    set_committed_value(bus, "stops", [])
    set_committed_value(bus, "visit", visit)
    _tell_seats(session, event, bus, bus.seats, now)
    record(session, actor, "bus.added", bus, now=now)
    return bus


def change_bus(
    session: Session,
    actor: Actor,
    event: Event,
    bus: Bus,
    values: Mapping[str, Any],
    *,
    now: datetime,
) -> Bus:
    """Change a bus; fewer seats than are booked in it are refused by the bookings.

    Raises:
        Conflict: ``archived``, or what a listener says.
    """
    event = _lock(session, event)
    changed = sorted(name for name, value in values.items() if getattr(bus, name) != value)
    for name in changed:
        setattr(bus, name, values[name])
    session.flush()
    if "seats" in changed:
        _tell_seats(session, event, bus, bus.seats, now)
    record(session, actor, "bus.changed", bus, now=now, changes={"fields": changed})
    return bus


def remove_bus(session: Session, actor: Actor, event: Event, bus: Bus, *, now: datetime) -> None:
    """Take a bus out; who is booked in it is for the listeners to move, or to refuse for.

    Raises:
        Conflict: ``archived``, or what a listener says.
    """
    event = _lock(session, event)
    _tell_seats(session, event, bus, 0, now)
    record(session, actor, "bus.removed", bus, now=now)
    session.delete(bus)
    session.flush()
    _tell_departures(session, event, bus.visit_id, now)


def add_stop(
    session: Session,
    actor: Actor,
    event: Event,
    bus: Bus,
    values: Mapping[str, Any],
    *,
    now: datetime,
) -> Stop:
    """Add a stop; ``values``: ``place``, ``leaves_at`` (an instant), ``position``.

    Raises:
        Invalid: it leaves after the visit ends or more than a day before it starts.
        Conflict: ``archived``.
    """
    event = _lock(session, event)
    stop = Stop(event_id=event.id, bus_id=bus.id)
    set_committed_value(stop, "bus", bus)
    _put(bus, stop, values)
    session.add(stop)
    session.flush()
    record(session, actor, "stop.added", stop, now=now)
    _tell_departures(session, event, bus.visit_id, now)
    return stop


def change_stop(
    session: Session,
    actor: Actor,
    event: Event,
    stop: Stop,
    values: Mapping[str, Any],
    *,
    now: datetime,
) -> Stop:
    """Change a stop.

    Raises:
        Invalid, Conflict: as :func:`add_stop`.
    """
    event = _lock(session, event)
    _put(stop.bus, stop, values)
    session.flush()
    record(session, actor, "stop.changed", stop, now=now, changes={"fields": sorted(values)})
    _tell_departures(session, event, stop.bus.visit_id, now)
    return stop


def remove_stop(session: Session, actor: Actor, event: Event, stop: Stop, *, now: datetime) -> None:
    """Take a stop out.

    Raises:
        Conflict: ``archived``.
    """
    event = _lock(session, event)
    record(session, actor, "stop.removed", stop, now=now)
    session.delete(stop)
    session.flush()
    _tell_departures(session, event, stop.bus.visit_id, now)


def _put(bus: Bus, stop: Stop, values: Mapping[str, Any]) -> None:
    for name in ("place", "position"):
        if name in values:
            setattr(stop, name, values[name])
    if "leaves_at" not in values:
        return
    item = bus.visit.item
    _leave_at(stop, values["leaves_at"], bus.timezone)
    if stop.leaves_at != values["leaves_at"]:
        detail = "Clocks show this time twice; only the first of them can be kept"
        raise Invalid.field("/leaves_at", "ambiguous-time", detail)
    if not leaves_in_time(stop.leaves_at, item.starts_at, item.ends_at):
        detail = "Before the visit ends, at most a day before it starts"
        raise Invalid.field("/leaves_at", "outside-visit", detail)


def _leave_at(stop: Stop, moment: datetime, zone: str) -> None:
    """Keep the wall time, derive the instant (design law 7)."""
    stop.leaves_wall = wall_of(moment, zone)
    try:
        stop.leaves_at = instant_of(stop.leaves_wall, zone)
    except ValueRefused as refusal:
        raise Invalid.field("/leaves_at", refusal.code, refusal.detail) from refusal


def shift_stops(
    session: Session, event: Event, visit: Visit, by: timedelta, *, now: datetime
) -> None:
    """Let all departures of a visit follow its start, or its zone (``by`` zero).

    ``visit`` has its buses and stops loaded.
    """
    stops = [stop for bus in visit.buses for stop in bus.stops]
    for stop in stops:
        _leave_at(stop, stop.leaves_at + by, visit.timezone)
    if stops:
        session.flush()
        _tell_departures(session, event, visit.id, now)
