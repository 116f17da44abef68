"""Doors: the programme as a whole, for the programme editors and for everybody."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from eventsvc.agenda import actions, queries
from eventsvc.agenda.models import Publication
from eventsvc.agenda.schemas import (
    AgendaOut,
    PlaceQuery,
    PublicAgendaOut,
    PublicationBody,
    PublicationDiffOut,
    PublicationDiffQuery,
    PublicationFullOut,
    PublicationOut,
    PublicSpeakersOut,
)
from eventsvc.core import clock
from eventsvc.core.http import Door, actor, needs
from eventsvc.core.pages import Page, page
from eventsvc.events.queries import event_for, public_event

CACHE = "public, max-age=60"
PUBLISHED = "/api/v1/events/{event_id}/agenda/publications/{number}"

door = Door(
    "agenda",
    __name__,
    url_prefix="/api/v1/events/<event_id>/agenda",
    description="The programme of an event as a whole",
)
public_door = Door(
    "public-agenda",
    __name__,
    url_prefix="/api/v1/public/events/<series_slug>/<event_slug>",
    description="The programme that everybody may see",
)


@door.get("")
@needs("agenda:read", gate="event")
@door.reads(AgendaOut, computed=True)
def read_agenda(session: Session, event_id: str) -> dict[str, Any]:
    """Read the programme: sessions and visits in one order, with their speakers."""
    return queries.whole_agenda(session, event_for(session, actor(), event_id))


@door.get("/publications")
@needs("agenda:read", gate="event")
@door.query(PlaceQuery)
@door.lists(PublicationOut, sort=tuple(queries.PUBLICATION_SORTS))
def list_publications(session: Session, query: dict[str, Any], event_id: str) -> Page:
    """List the publications of the programme, the newest first."""
    found = queries.publications_found(event_for(session, actor(), event_id))
    return page(session, found, query, sorts=queries.PUBLICATION_SORTS, default="-number")


@door.post("/publications")
@needs("agenda:write", gate="event")
@door.body(PublicationBody)
@door.writes(201, PublicationFullOut, location=PUBLISHED)
def publish_agenda(session: Session, body: dict[str, Any], event_id: str) -> Publication:
    """Publish the programme: hidden items become visible, a numbered snapshot is frozen."""
    event = event_for(session, actor(), event_id)
    return actions.publish(session, actor(), event, **body, now=clock.now(session))


@door.get("/publications/diff")
@needs("agenda:read", gate="event")
@door.query(PublicationDiffQuery)
@door.reads(PublicationDiffOut, computed=True)
def diff_publications(session: Session, query: dict[str, Any], event_id: str) -> dict[str, Any]:
    """Say what changed between two publications, or since the last one in the present draft."""
    event = event_for(session, actor(), event_id)
    numbers = query.get("from_number"), query.get("to_number")
    return queries.publication_diff(session, event, *numbers)


@door.get("/publications/<number>")
@needs("agenda:read", gate="event")
@door.reads(PublicationFullOut)
def read_publication(session: Session, event_id: str, number: str) -> Publication:
    """Read a publication, by its number, with its frozen snapshot."""
    event = event_for(session, actor(), event_id)
    return queries.publication_for(session, event, number)


@public_door.get("/agenda")
@needs(None)
@public_door.reads(PublicAgendaOut, computed=True, cache=CACHE)
def read_public_agenda(session: Session, series_slug: str, event_slug: str) -> dict[str, Any]:
    """Read the public programme of an event; series ``-`` for one without a series."""
    return queries.public_agenda(session, public_event(session, series_slug, event_slug))


@public_door.get("/speakers")
@needs(None)
@public_door.reads(PublicSpeakersOut, computed=True, cache=CACHE)
def read_public_speakers(session: Session, series_slug: str, event_slug: str) -> dict[str, Any]:
    """Read the speakers of an event who agreed to be named."""
    event = public_event(session, series_slug, event_slug)
    address = f"/api/v1/public/events/{series_slug}/{event_slug}/speakers"
    return {"items": queries.public_roles(session, event, address=address)}
