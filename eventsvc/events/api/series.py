"""Doors: series, and the editions of one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from eventsvc.core import clock
from eventsvc.core.http import Door, actor, expect, needs
from eventsvc.core.pages import Page, page
from eventsvc.events import actions, queries
from eventsvc.events.models import Series
from eventsvc.events.schemas import (
    EventBody,
    EventOut,
    OneQuery,
    SeriesBody,
    SeriesEventQuery,
    SeriesOut,
    SeriesPatch,
    SeriesQuery,
)

door = Door("series", __name__, url_prefix="/api/v1/series", description="Conference series")


@door.get("")
@needs("series:read")
@door.query(SeriesQuery)
@door.lists(SeriesOut, sort=tuple(queries.SERIES_SORTS))
def list_series(session: Session, query: dict[str, Any]) -> Page:
    """List series."""
    found = queries.with_words(queries.series_of(actor()), query.get("q"))
    return page(session, found, query, sorts=queries.SERIES_SORTS, default="name")


@door.post("")
@needs("series:write")
@door.body(SeriesBody)
@door.writes(201, SeriesOut)
def add_series(session: Session, body: dict[str, Any]) -> Series:
    """Add a series."""
    organiser_id = queries.organiser_named(session, actor(), body.pop("organiser_id", None))
    asking = actor().at(organiser_id)
    return actions.add_series(session, asking, organiser_id, body, now=clock.now(session))


@door.get("/<series_id>")
@needs("series:read", gate="series")
@door.query(OneQuery)
@door.reads(SeriesOut)
def read_series(session: Session, _query: dict[str, Any], series_id: str) -> Series:
    """Read a series."""
    return queries.series_for(session, actor(), series_id)


@door.patch("/<series_id>")
@needs("series:write", gate="series")
@door.body(SeriesPatch)
@door.writes(200, SeriesOut, precondition=True)
def change_series(session: Session, body: dict[str, Any], series_id: str) -> Series:
    """Change a series."""
    series = queries.series_for(session, actor(), series_id)
    expect(series)
    return actions.change_series(session, actor(), series, body, now=clock.now(session))


@door.delete("/<series_id>")
@needs("series:write", gate="series")
@door.writes(204, precondition=True)
def remove_series(session: Session, series_id: str) -> None:
    """Delete a series without events."""
    series = queries.series_for(session, actor(), series_id)
    expect(series)
    actions.remove_series(session, actor(), series, now=clock.now(session))


@door.get("/<series_id>/events")
@needs("events:read", gate="series")
@door.query(SeriesEventQuery)
@door.lists(EventOut, sort=tuple(queries.EVENT_SORTS))
def list_editions(session: Session, query: dict[str, Any], series_id: str) -> Page:
    """List the editions of a series in order of time."""
    own = queries.events_of(actor()).where(queries.in_series(series_id))
    found = queries.with_filters(own, query)
    listed = page(session, found, query, sorts=queries.EVENT_SORTS, default=queries.IN_TIME)
    return replace(listed, items=[queries.shown(event) for event in listed.items])


@door.post("/<series_id>/events")
@needs("events:write", gate="series")
@door.body(EventBody)
@door.writes(201, EventOut, location="/api/v1/events/{id}")
def add_edition(session: Session, body: dict[str, Any], series_id: str) -> dict[str, Any]:
    """Add an edition to a series."""
    series = queries.series_for(session, actor(), series_id)
    values = {**body, "series_id": series.id}
    now = clock.now(session)
    return queries.shown(actions.add_event(session, actor(), series.organiser_id, values, now=now))
