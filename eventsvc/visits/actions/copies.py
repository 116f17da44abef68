"""Visits, buses and travel times of a new edition made after an older one."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventsvc.agenda.models import AgendaItem
from eventsvc.agenda.policy import VISIT
from eventsvc.core.ids import copied_id
from eventsvc.core.text import ValueRefused
from eventsvc.events.models import Event
from eventsvc.events.policy import Shift, instant_of, zone_of
from eventsvc.visits.models import Bus, Stop, TravelTime, Visit

VISITED = (
    "host_organisation_id", "place", "place_country", "subject", "meeting_point",
    "identity_fields", "identity_purpose",
)  # fmt: skip
ENDS = ("from_venue_id", "from_stop_id", "to_venue_id", "to_stop_id")


def copy_visits(session: Session, source: Event, event: Event, *, now: datetime) -> None:
    """Give ``event`` what visits of ``source`` have beyond agenda items: hosts, practical notes,
    buses without guides, stops, and the minutes between places.

    Call it once the agenda is copied. A stop has a time, so stops of visits that lost theirs are
    left out.
    """
    own = select(AgendaItem).where(AgendaItem.event_id == event.id, AgendaItem.kind == VISIT)
    items = {item.id: item for item in session.scalars(own)}
    shift = Shift.between(source, event)
    for visit in session.scalars(select(Visit).where(Visit.event_id == source.id)).all():
        item_id = copied_id(event.id, visit.id)
        if item_id not in items:
            continue
        told = {name: getattr(visit, name) for name in VISITED}
        copy = Visit(id=item_id, event_id=event.id, practical=dict(visit.practical), **told)
        if visit.identity_data_deadline is not None and shift.days is not None:
            deadline = visit.identity_data_deadline + timedelta(days=shift.days)
            copy.identity_data_deadline = deadline
        session.add(copy)
    session.flush()
    zones = {item.id: item.zone or zone_of(event) for item in items.values() if item.starts_at}
    stops = _copy_buses(session, source, event, visits=set(items), zones=zones, shift=shift)
    _copy_ways(session, source, event, stops, now=now)


def _copy_buses(
    session: Session,
    source: Event,
    event: Event,
    *,
    visits: set[str],
    zones: dict[str, str],
    shift: Shift,
) -> set[str]:
    """The ids of the copied stops. ``zones``: visit with times → its zone."""
    of_bus: dict[str, str] = {}
    for bus in session.scalars(select(Bus).where(Bus.event_id == source.id)).all():
        visit_id = copied_id(event.id, bus.visit_id)
        if visit_id in visits:
            told = {"name": bus.name, "seats": bus.seats, "position": bus.position}
            bus_id = copied_id(event.id, bus.id)
            session.add(Bus(id=bus_id, event_id=event.id, visit_id=visit_id, **told))
            of_bus[bus_id] = visit_id
    session.flush()
    stops = set()
    for stop in session.scalars(select(Stop).where(Stop.event_id == source.id)).all():
        bus_id = copied_id(event.id, stop.bus_id)
        leaves, zone = shift.wall(stop.leaves_wall), zones.get(of_bus.get(bus_id, ""))
        if leaves is None or zone is None:
            continue
        copy = Stop(id=copied_id(event.id, stop.id), event_id=event.id, bus_id=bus_id,
                    place=stop.place, position=stop.position, leaves_wall=leaves)  # fmt: skip
        try:
            copy.leaves_at = instant_of(leaves, zone)
        except ValueRefused:  # clocks skip this hour there
            continue
        session.add(copy)
        stops.add(copy.id)
    session.flush()
    return stops


def _copy_ways(
    session: Session, source: Event, event: Event, stops: set[str], *, now: datetime
) -> None:
    rows = session.scalars(select(TravelTime).where(TravelTime.event_id == source.id)).all()
    for row in rows:
        given = {name: getattr(row, name) for name in ENDS}
        ends = {name: copied_id(event.id, one) if one else None for name, one in given.items()}
        if any(ends[name] not in {*stops, None} for name in ("from_stop_id", "to_stop_id")):
            continue
        copy = TravelTime(
            id=copied_id(event.id, row.id), organiser_id=event.organiser_id, event_id=event.id,
            minutes=row.minutes, one_way=row.one_way, note=row.note, created_at=now, **ends,
        )  # fmt: skip
        session.add(copy)
    session.flush()
