"""Doors: files in."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from eventsvc.core import clock
from eventsvc.core.http import Door, actor, needs
from eventsvc.core.pages import Page, page
from eventsvc.core.tables import LARGEST_FILE
from eventsvc.events.queries import event_for
from eventsvc.imports import actions, queries
from eventsvc.imports.schemas import ImportForm, ImportOut, ImportQuery, TakenOut, shown

door = Door(
    "imports",
    __name__,
    url_prefix="/api/v1/events/<event_id>/imports",
    description="Files in: registrations, speakers, rooms, sessions, visits, whole schedules",
)


@door.get("")
@needs("imports", gate="event")
@door.query(ImportQuery)
@door.lists(ImportOut, sort=tuple(queries.SORTS))
def list_imports(session: Session, query: dict[str, Any], event_id: str) -> Page:
    """List the imports of an event, newest first."""
    event = event_for(session, actor(), event_id)
    found = queries.imports_of(event, query)
    listed = page(session, found, query, sorts=queries.SORTS, default="-created_at")
    return Page([shown(row) for row in listed.items], listed.next_cursor, listed.total)


@door.post("")
@needs("imports", gate="event", limit="imports", idempotency_required=True)
@door.form(ImportForm, largest=LARGEST_FILE)
@door.writes(202, TakenOut, location="/api/v1/jobs/{id}")
def add_import(session: Session, form: dict[str, Any], event_id: str) -> dict[str, Any]:
    """Import a file, or try it: the answer names the job, whose result tells what became of
    each row.

    A commit is all or nothing. No mail is sent unless `notify` says so.
    """
    event = event_for(session, actor(), event_id)
    taken = actions.take(session, actor(), event, form, now=clock.now(session))
    return {"id": taken.job_id, "state": "queued", "import_id": taken.id}


@door.get("/<import_id>")
@needs("imports", gate="event")
@door.reads(ImportOut)
def read_import(session: Session, event_id: str, import_id: str) -> dict[str, Any]:
    """Read an import."""
    event = event_for(session, actor(), event_id)
    return shown(queries.import_for(session, event, import_id))


doors: tuple[Door, ...] = (door,)
