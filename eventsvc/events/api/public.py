"""Doors: public pages of series and editions, for everybody and any cache (security.md §5)."""

from __future__ import annotations

from typing import Any

from flask import Response
from sqlalchemy.orm import Session

from eventsvc.core.http import Door, attachment, needs
from eventsvc.core.pages import ListQuery, Page, page
from eventsvc.events import actions, queries
from eventsvc.events.models import EventDocument
from eventsvc.events.policy import PUBLIC
from eventsvc.events.schemas import (
    OneQuery,
    PublicDocumentOut,
    PublicEventOut,
    PublicSeriesOut,
    SeriesQuery,
)

CACHE = "public, max-age=60"

door = Door("public", __name__, url_prefix="/api/v1/public", description="What everybody may see")


@door.get("/series")
@needs(None)
@door.query(SeriesQuery)
@door.lists(PublicSeriesOut, sort=("name",), cache=CACHE)
def list_public_series(session: Session, query: dict[str, Any]) -> Page:
    """List the series with an announced edition."""
    found = queries.with_words(queries.series_public(), query.get("q"))
    sorts = {"name": queries.SERIES_SORTS["name"]}
    return page(session, found, query, sorts=sorts, default="name")


@door.get("/series/<series_slug>")
@needs(None)
@door.query(OneQuery)
@door.reads(PublicSeriesOut, computed=True, cache=CACHE)
def read_public_series(
    session: Session, _query: dict[str, Any], series_slug: str
) -> dict[str, Any]:
    """Read the public page of a series, with its editions in order of time."""
    return queries.public_series_page(session, queries.public_series(session, series_slug))


@door.get("/events/<series_slug>/<event_slug>")
@needs(None)
@door.query(OneQuery)
@door.reads(PublicEventOut, computed=True, cache=CACHE)
def read_public_event(
    session: Session, _query: dict[str, Any], series_slug: str, event_slug: str
) -> dict[str, Any]:
    """Read the public page of an edition; series ``-`` for one without a series."""
    event = queries.public_event(session, series_slug, event_slug)
    return queries.public_page(session, event)


@door.get("/events/<series_slug>/<event_slug>/documents")
@needs(None)
@door.query(ListQuery)
@door.lists(PublicDocumentOut, sort=("position",), cache=CACHE)
def list_public_documents(
    session: Session, query: dict[str, Any], series_slug: str, event_slug: str
) -> Page:
    """List the documents of an edition that everybody may open."""
    event = queries.public_event(session, series_slug, event_slug)
    sorts = {"position": EventDocument.position}
    found = queries.documents_seen(event, [PUBLIC])
    return page(session, found, query, sorts=sorts, default="position")


@door.get("/events/<series_slug>/<event_slug>/documents/<document_id>/content")
@needs(None)
@door.sends("*/*", cache=CACHE)
def send_public_document(
    session: Session, series_slug: str, event_slug: str, document_id: str
) -> Response:
    """Download a document that everybody may open."""
    event = queries.public_event(session, series_slug, event_slug)
    document = queries.document_seen(session, event, document_id, [PUBLIC])
    taken = actions.download_of(document.id)
    return attachment(session, document.file_id, name=document.title, cache=CACHE, taken=taken)
