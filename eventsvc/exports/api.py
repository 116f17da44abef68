"""Doors: files out."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from eventsvc.core.http import Door, actor, needs
from eventsvc.core.pages import Page, page
from eventsvc.events.queries import event_for
from eventsvc.exports import queries
from eventsvc.exports.schemas import ExportOut, ExportQuery, shown

door = Door(
    "exports",
    __name__,
    url_prefix="/api/v1/events/<event_id>/exports",
    description="Files out: lists and programmes, kept for a day",
)


@door.get("")
@needs("reports:read", gate="event")
@door.query(ExportQuery)
@door.lists(ExportOut, sort=tuple(queries.SORTS))
def list_exports(session: Session, query: dict[str, Any], event_id: str) -> Page:
    """List the exports of an event, newest first."""
    event = event_for(session, actor(), event_id)
    found = queries.exports_of(event, query)
    listed = page(session, found, query, sorts=queries.SORTS, default="-created_at")
    return Page([shown(row) for row in listed.items], listed.next_cursor, listed.total)


@door.get("/<export_id>")
@needs("reports:read", gate="event")
@door.reads(ExportOut)
def read_export(session: Session, event_id: str, export_id: str) -> dict[str, Any]:
    """Read an export."""
    event = event_for(session, actor(), event_id)
    return shown(queries.export_for(session, event, export_id))


doors: tuple[Door, ...] = (door,)
