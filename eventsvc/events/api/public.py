"""Doors: public pages of series and editions, for everybody and any cache (security.md §5)."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from eventsvc.core.http import Door, needs
from eventsvc.core.pages import Page, page
from eventsvc.events import queries
from eventsvc.events.schemas import OneQuery, PublicEventOut, PublicSeriesOut, SeriesQuery

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
