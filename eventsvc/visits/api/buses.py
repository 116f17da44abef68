"""Doors: buses of a site visit and where they stop."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from eventsvc.core import clock
from eventsvc.core.http import Door, actor, expect, needs
from eventsvc.core.pages import Page, page
from eventsvc.events.models import Event
from eventsvc.events.queries import event_for
from eventsvc.visits import actions, queries
from eventsvc.visits.models import Bus, Stop, Visit
from eventsvc.visits.schemas import (
    BusBody,
    BusOut,
    BusPatch,
    BusQuery,
    StopBody,
    StopOut,
    StopPatch,
)

door = Door(
    "buses",
    __name__,
    url_prefix="/api/v1/events/<event_id>/site-visits/<site_visit_id>/buses",
    description="Buses of a site visit and their stops",
)
STOPS = "/<bus_id>/stops"


def _visit(session: Session, event_id: str, site_visit_id: str) -> tuple[Event, Visit]:
    event = event_for(session, actor(), event_id)
    return event, queries.visit_for(session, event, site_visit_id)


@door.get("")
@needs("visits:read", gate="event")
@door.query(BusQuery)
@door.lists(BusOut, sort=tuple(queries.BUS_SORTS))
def list_buses(session: Session, query: dict[str, Any], event_id: str, site_visit_id: str) -> Page:
    """List the buses of a site visit with their stops."""
    _, visit = _visit(session, event_id, site_visit_id)
    found = queries.buses_of(visit)
    listed = page(session, found, query, sorts=queries.BUS_SORTS, default="position,name")
    queries.belonging(visit, listed.items)
    return listed


@door.post("")
@needs("visits:write", gate="event")
@door.body(BusBody)
@door.writes(201, BusOut)
def add_bus(session: Session, body: dict[str, Any], event_id: str, site_visit_id: str) -> Bus:
    """Add a bus."""
    event, visit = _visit(session, event_id, site_visit_id)
    return actions.add_bus(session, actor(), event, visit, body, now=clock.now(session))


@door.get("/<bus_id>")
@needs("visits:read", gate="event")
@door.reads(BusOut, computed=True)
def read_bus(session: Session, event_id: str, site_visit_id: str, bus_id: str) -> Bus:
    """Read a bus with its stops."""
    _, visit = _visit(session, event_id, site_visit_id)
    return queries.bus_for(session, visit, bus_id)


@door.patch("/<bus_id>")
@needs("visits:write", gate="event")
@door.body(BusPatch)
@door.writes(200, BusOut, precondition=True)
def change_bus(
    session: Session, body: dict[str, Any], event_id: str, site_visit_id: str, bus_id: str
) -> Bus:
    """Change a bus."""
    event, visit = _visit(session, event_id, site_visit_id)
    bus = queries.bus_for(session, visit, bus_id)
    expect(bus)
    return actions.change_bus(session, actor(), event, bus, body, now=clock.now(session))


@door.delete("/<bus_id>")
@needs("visits:write", gate="event")
@door.writes(204, precondition=True)
def remove_bus(session: Session, event_id: str, site_visit_id: str, bus_id: str) -> None:
    """Take a bus out."""
    event, visit = _visit(session, event_id, site_visit_id)
    bus = queries.bus_for(session, visit, bus_id)
    expect(bus)
    actions.remove_bus(session, actor(), event, bus, now=clock.now(session))


@door.get(STOPS)
@needs("visits:read", gate="event")
@door.query(BusQuery)
@door.lists(StopOut, sort=tuple(queries.STOP_SORTS))
def list_stops(
    session: Session, query: dict[str, Any], event_id: str, site_visit_id: str, bus_id: str
) -> Page:
    """List the stops of a bus in order of departure."""
    _, visit = _visit(session, event_id, site_visit_id)
    bus = queries.bus_for(session, visit, bus_id)
    found = queries.stops_of(bus)
    listed = page(session, found, query, sorts=queries.STOP_SORTS, default="leaves_at,position")
    queries.stopping(bus, listed.items)
    return listed


@door.post(STOPS)
@needs("visits:write", gate="event")
@door.body(StopBody)
@door.writes(201, StopOut)
def add_stop(
    session: Session, body: dict[str, Any], event_id: str, site_visit_id: str, bus_id: str
) -> Stop:
    """Add a stop."""
    event, visit = _visit(session, event_id, site_visit_id)
    bus = queries.bus_for(session, visit, bus_id)
    return actions.add_stop(session, actor(), event, bus, body, now=clock.now(session))


@door.get(STOPS + "/<stop_id>")
@needs("visits:read", gate="event")
@door.reads(StopOut)
def read_stop(
    session: Session, event_id: str, site_visit_id: str, bus_id: str, stop_id: str
) -> Stop:
    """Read a stop."""
    _, visit = _visit(session, event_id, site_visit_id)
    return queries.stop_for(queries.bus_for(session, visit, bus_id), stop_id)


@door.patch(STOPS + "/<stop_id>")
@needs("visits:write", gate="event")
@door.body(StopPatch)
@door.writes(200, StopOut, precondition=True)
def change_stop(
    session: Session,
    body: dict[str, Any],
    *,
    event_id: str,
    site_visit_id: str,
    bus_id: str,
    stop_id: str,
) -> Stop:
    """Change a stop."""
    event, visit = _visit(session, event_id, site_visit_id)
    stop = queries.stop_for(queries.bus_for(session, visit, bus_id), stop_id)
    expect(stop)
    return actions.change_stop(session, actor(), event, stop, body, now=clock.now(session))


@door.delete(STOPS + "/<stop_id>")
@needs("visits:write", gate="event")
@door.writes(204, precondition=True)
def remove_stop(
    session: Session, event_id: str, site_visit_id: str, bus_id: str, stop_id: str
) -> None:
    """Take a stop out."""
    event, visit = _visit(session, event_id, site_visit_id)
    stop = queries.stop_for(queries.bus_for(session, visit, bus_id), stop_id)
    expect(stop)
    actions.remove_stop(session, actor(), event, stop, now=clock.now(session))
