"""Doors: files out."""

from __future__ import annotations

from typing import Any

from flask import Response
from sqlalchemy.orm import Session

from eventsvc.core import clock
from eventsvc.core.errors import NotFound
from eventsvc.core.http import Door, actor, attachment, needs
from eventsvc.core.pages import Page, page
from eventsvc.events.queries import event_for
from eventsvc.exports import actions, queries
from eventsvc.exports.policy import KINDS, MOST_DIRECT, check_download, check_people
from eventsvc.exports.schemas import (
    ExportBody,
    ExportOut,
    ExportQuery,
    ExportQueuedOut,
    shown,
)

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


@door.post("")
@needs("reports:write", gate="event", limit="exports")
@door.body(ExportBody)
@door.writes(202, ExportQueuedOut, location="/api/v1/jobs/{id}")
def add_export(session: Session, body: dict[str, Any], event_id: str) -> dict[str, Any]:
    """Have a file made: the answer names the job; the file is kept for 24 hours.

    Lists of people need `registrations:read` as well, and have addresses for managers only.
    """
    event = event_for(session, actor(), event_id)
    asked = actions.ask(session, actor(), event, body, now=clock.now(session))
    return {"id": asked.job_id, "state": "queued", "export_id": asked.id}


@door.get("/<export_id>/content")
@needs("reports:read", gate="event")
@door.sends("*/*")
def download_export(session: Session, event_id: str, export_id: str) -> Response:
    """Download a file, whole or the range asked for."""
    event = event_for(session, actor(), event_id)
    found = queries.export_for(session, event, export_id)
    check_download(actor(), found.kind, found.asked_by["role"])
    name = found.file_name.rpartition(".")[0]
    return attachment(session, found.file_id, name=name)


@door.get("/<kind>.csv")
@needs("reports:read", gate="event", limit="exports")
@door.sends("text/csv; charset=utf-8")
def download_list(session: Session, event_id: str, kind: str) -> bytes:
    """Download a list at once, up to 10 000 rows; longer ones are exported."""
    event = event_for(session, actor(), event_id)
    if kind not in KINDS:
        raise NotFound
    check_people(actor(), kind)
    addresses, most = actor().manages, MOST_DIRECT
    return actions.table_of(session, event, kind, "csv", addresses=addresses, most=most)


doors: tuple[Door, ...] = (door,)
