"""Doors: the passenger list of a site visit, for the eyes of those who may see people."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from eventsvc.agenda.queries import language_for
from eventsvc.agenda.schemas import PrintQuery
from eventsvc.bookings import pdf, queries, schemas
from eventsvc.bookings.queries import Manifest, Passenger
from eventsvc.core.errors import Forbidden
from eventsvc.core.http import Door, actor, header, needs
from eventsvc.core.tables import write_csv
from eventsvc.core.text import zoned_instant
from eventsvc.core.typeset import MEDIA
from eventsvc.events.models import Event
from eventsvc.events.queries import event_for
from eventsvc.visits.models import Stop
from eventsvc.visits.queries import visit_for

PEOPLE = "registrations:read"
CSV = ("bus", "stop", "leaves_at", "name", "organisation", "code", "state", "photo_allowed")

door = Door(
    "manifests",
    __name__,
    url_prefix="/api/v1/events/<event_id>/site-visits/<site_visit_id>",
    description="Passenger lists of site visits",
)


def _found(session: Session, event_id: str, site_visit_id: str) -> tuple[Event, Manifest]:
    event = event_for(session, actor(), event_id)
    visit = visit_for(session, event, site_visit_id)
    return event, queries.manifest_of(session, event, visit)


def _check_people() -> None:
    if not actor().may(PEOPLE):
        detail = "A passenger list names people: that takes a right of its own."
        raise Forbidden(detail, required_scope=PEOPLE)


@door.get("/manifest")
@needs("visits:read", gate="event")
@door.reads(schemas.ManifestOut, computed=True)
def read_manifest(session: Session, event_id: str, site_visit_id: str) -> dict[str, Any]:
    """Read who goes in which bus; without the right to see people only the numbers."""
    _, found = _found(session, event_id, site_visit_id)
    return schemas.shown_manifest(found, named=actor().may(PEOPLE))


@door.get("/manifest.csv")
@needs("visits:read", gate="event")
@door.sends("text/csv; charset=utf-8")
def download_manifest(session: Session, event_id: str, site_visit_id: str) -> bytes:
    """Download who goes in which bus as CSV."""
    _check_people()
    event, found = _found(session, event_id, site_visit_id)
    header("Content-Disposition", f'attachment; filename="{event.slug}-manifest.csv"')
    rows = [
        (bus, *_stop(one.stop), one.name, one.organisation, one.code, one.state, one.photo_allowed)
        for bus, one in _seated(found)
    ]
    return write_csv(CSV, rows)


def _seated(found: Manifest) -> list[tuple[str | None, Passenger]]:
    named = [(load.bus.name, one) for load in found.loads for one in load.passengers]
    return [*named, *((None, one) for one in found.unassigned)]


def _stop(stop: Stop | None) -> tuple[str | None, str | None]:
    if stop is None:
        return None, None
    return stop.place, zoned_instant(stop.leaves_at, stop.timezone)


@door.get("/manifest.pdf")
@needs("visits:read", gate="event")
@door.query(PrintQuery)
@door.sends(MEDIA)
def print_manifest(
    session: Session, query: dict[str, Any], event_id: str, site_visit_id: str
) -> bytes:
    """Print the passenger list, a page for each bus."""
    _check_people()
    event, found = _found(session, event_id, site_visit_id)
    header("Content-Disposition", f'inline; filename="{event.slug}-manifest.pdf"')
    language = language_for(event, query.get("language"))
    item = found.visit.item
    about = " · ".join(filter(None, [_when(item.starts_wall), found.visit.meeting_point]))
    return pdf.manifest(item.title, about, _loads(found), language, at=item.created_at)


def _when(moment: datetime | None) -> str | None:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else None


def _loads(found: Manifest) -> list[pdf.PrintedLoad]:
    loads = [
        pdf.PrintedLoad(
            name=load.bus.name,
            seats=load.bus.seats,
            guide=load.bus.guide,
            stops=tuple(f"{stop.leaves_wall:%H:%M} {stop.place}" for stop in load.bus.stops),
            passengers=[_printed(one) for one in load.passengers],
        )
        for load in found.loads
    ]
    if found.unassigned:
        without = [_printed(one) for one in found.unassigned]
        loads.append(pdf.PrintedLoad(None, None, None, (), without))
    return loads


def _printed(one: Passenger) -> tuple[str, str | None, str | None, bool]:
    stop = f"{one.stop.leaves_wall:%H:%M} {one.stop.place}" if one.stop else None
    return one.name, one.organisation, stop, one.photo_allowed
