"""Questions about site visits, their buses and stops."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.sql import Select

from eventsvc.agenda.models import AgendaItem
from eventsvc.agenda.policy import VISIT
from eventsvc.agenda.queries import item_expanded, item_for
from eventsvc.core.errors import NotFound
from eventsvc.core.ids import is_id
from eventsvc.events.models import Event
from eventsvc.visits.models import Bus, Stop, Visit

BUS_SORTS: dict[str, Any] = {"position": Bus.position, "name": Bus.name}
STOP_SORTS: dict[str, Any] = {"leaves_at": Stop.leaves_at, "position": Stop.position}


def visits_of(event: Event) -> Select[Visit]:
    """The visits of an event joined to their agenda items, room and speakers with them."""
    return (
        select(Visit)
        .join(Visit.item)
        .where(Visit.event_id == event.id)
        .options(
            contains_eager(Visit.item).options(
                joinedload(AgendaItem.room),
                joinedload(AgendaItem.track),
                selectinload(AgendaItem.speakers),
            )
        )
    )


def visit_for(session: Session, event: Event, visit_id: str) -> Visit:
    """The visit of this event, its item with event and room.

    Raises:
        NotFound: there is none, it is another event's or a session, or the id is malformed.
    """
    item = item_for(session, event, visit_id, VISIT)
    visit = session.get_one(Visit, item.id)
    set_committed_value(visit, "item", item)
    return visit


def visit_expanded(session: Session, event: Event, visit_id: str, names: frozenset[str]) -> Visit:
    """One visit with what was asked for beside it (api.md §4).

    Raises:
        NotFound: as :func:`visit_for`.
    """
    item = item_expanded(session, event, visit_id, VISIT, names)
    visit = session.get_one(Visit, item.id)
    set_committed_value(visit, "item", item)
    return visit


def known_event(event: Event, visits: Iterable[Visit]) -> None:
    """Tell visits which event they belong to, so that their zone asks no database."""
    for visit in visits:
        set_committed_value(visit.item, "event", event)


def buses_of(visit: Visit) -> Select[Bus]:
    """The buses of a visit, their stops with them, without order."""
    return select(Bus).where(Bus.visit_id == visit.id).options(selectinload(Bus.stops))


def belonging(visit: Visit, buses: Iterable[Bus]) -> None:
    """Tell buses and their stops which visit they belong to."""
    for bus in buses:
        set_committed_value(bus, "visit", visit)
        for stop in bus.stops:
            set_committed_value(stop, "bus", bus)


def bus_for(session: Session, visit: Visit, bus_id: str) -> Bus:
    """The bus of this visit with its stops.

    Raises:
        NotFound: there is none, it is another visit's, or the id is malformed.
    """
    if not is_id(bus_id):
        raise NotFound
    statement = buses_of(visit).where(Bus.id == bus_id)
    found = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    belonging(visit, [found])
    return found


def stop_for(bus: Bus, stop_id: str) -> Stop:
    """The stop of this bus.

    Raises:
        NotFound: there is none, or it is another bus's.
    """
    found = next((stop for stop in bus.stops if stop.id == stop_id), None)
    if found is None:
        raise NotFound
    return found


def stopping(bus: Bus, stops: Iterable[Stop]) -> None:
    """Tell stops which bus they belong to."""
    for stop in stops:
        set_committed_value(stop, "bus", bus)


def stops_of(bus: Bus) -> Select[Stop]:
    """The stops of a bus, without order."""
    return select(Stop).where(Stop.bus_id == bus.id)


def visits_with_buses(session: Session, event: Event, ids: Iterable[str]) -> list[Visit]:
    """These visits of an event with buses and stops, each thing asked for once."""
    wanted = set(ids)
    if not wanted:
        return []
    statement = visits_of(event).where(Visit.id.in_(wanted))
    loaded = statement.options(selectinload(Visit.buses).selectinload(Bus.stops))
    visits = list(session.scalars(loaded.execution_options(populate_existing=True)))
    known_event(event, visits)
    for visit in visits:
        belonging(visit, visit.buses)
    return visits
