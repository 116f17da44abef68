"""Doors: the programme on paper, signs for doors, the run sheet for the crew (editions.md §9)."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from eventsvc.agenda import pdf, queries
from eventsvc.agenda.schemas import PrintQuery
from eventsvc.core.http import Door, actor, header, needs
from eventsvc.core.typeset import MEDIA
from eventsvc.events.models import Event
from eventsvc.events.queries import event_for, public_event

CACHE = "public, max-age=60"

door = Door(
    "printed-agenda",
    __name__,
    url_prefix="/api/v1/events/<event_id>",
    description="The programme on paper",
)
public_door = Door(
    "public-printed-agenda",
    __name__,
    url_prefix="/api/v1/public/events/<series_slug>/<event_slug>",
    description="The programme on paper, for everybody",
)


def _named(event: Event, what: str) -> None:
    header("Content-Disposition", f'inline; filename="{event.slug}-{what}.pdf"')


def _signs(session: Session, query: dict[str, Any], event: Event, room_id: str | None) -> bytes:
    rooms = queries.printed_rooms(session, event, room_id)
    language = queries.language_for(event, query.get("language"))
    return pdf.door_signs(queries.printed(session, event, public=False), language, rooms)


@door.get("/agenda/programme.pdf")
@needs("agenda:read", gate="event")
@door.query(PrintQuery)
@door.sends(MEDIA)
def print_programme(session: Session, query: dict[str, Any], event_id: str) -> bytes:
    """Print the programme by day, A4, hidden items too."""
    event = event_for(session, actor(), event_id)
    _named(event, "programme")
    language = queries.language_for(event, query.get("language"))
    return pdf.programme(queries.printed(session, event, public=False), language)


@door.get("/agenda/run-sheet.pdf")
@needs("agenda:read", gate="event")
@door.query(PrintQuery)
@door.sends(MEDIA)
def print_run_sheet(session: Session, query: dict[str, Any], event_id: str) -> bytes:
    """Print the run sheet: what, where, who, and cues for the crew."""
    event = event_for(session, actor(), event_id)
    _named(event, "run-sheet")
    language = queries.language_for(event, query.get("language"))
    return pdf.run_sheet(queries.printed(session, event, public=False), language)


@door.get("/agenda/door-signs.pdf")
@needs("agenda:read", gate="event")
@door.query(PrintQuery)
@door.sends(MEDIA)
def print_door_signs(session: Session, query: dict[str, Any], event_id: str) -> bytes:
    """Print the signs of all doors, a page for each room and day."""
    event = event_for(session, actor(), event_id)
    _named(event, "door-signs")
    return _signs(session, query, event, None)


@door.get("/rooms/<room_id>/door-sign.pdf")
@needs("agenda:read", gate="event")
@door.query(PrintQuery)
@door.sends(MEDIA)
def print_door_sign(session: Session, query: dict[str, Any], event_id: str, room_id: str) -> bytes:
    """Print the sign of one door, a page for each day."""
    event = event_for(session, actor(), event_id)
    _named(event, "door-sign")
    return _signs(session, query, event, room_id)


@public_door.get("/agenda/programme.pdf")
@needs(None)
@public_door.query(PrintQuery)
@public_door.sends(MEDIA, cache=CACHE)
def print_public_programme(
    session: Session, query: dict[str, Any], series_slug: str, event_slug: str
) -> bytes:
    """Print the public programme, once it is published."""
    event = public_event(session, series_slug, event_slug)
    _named(event, "programme")
    language = queries.language_for(event, query.get("language"))
    return pdf.programme(queries.printed(session, event, public=True), language)
