"""Questions about imports."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager
from sqlalchemy.sql import Select

from eventsvc.core.errors import NotFound
from eventsvc.core.ids import is_id
from eventsvc.core.jobs import Job
from eventsvc.events.models import Event
from eventsvc.imports.models import Import

KIND = "import"
"""Kind of the jobs of this room."""

SORTS: dict[str, Any] = {"created_at": Import.created_at}


def imports_of(event: Event, filters: Mapping[str, Any] | None = None) -> Select[Import]:
    """The imports of an event with their jobs, narrowed by the filters of the list."""
    filters = filters or {}
    statement = (
        select(Import)
        .join(Job, Job.id == Import.job_id)
        .where(Import.event_id == event.id)
        .options(contains_eager(Import.job))
    )
    if filters.get("kind"):
        statement = statement.where(Import.kind.in_(filters["kind"]))
    if filters.get("state"):
        statement = statement.where(Job.state.in_(filters["state"]))
    return statement


def import_for(session: Session, event: Event, import_id: str) -> Import:
    """The import of this event, its job loaded.

    Raises:
        NotFound: there is none, it is another event's, or the id is malformed.
    """
    if not is_id(import_id):
        raise NotFound
    found = session.scalars(imports_of(event).where(Import.id == import_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def import_of_job(session: Session, job_id: str) -> Import | None:
    """The import that a job is to do; None when its event was removed."""
    return session.scalars(select(Import).where(Import.job_id == job_id)).one_or_none()


def with_files(*, event_id: str | None = None, before: datetime | None = None) -> Select[Import]:
    """Imports whose bytes are still kept: of an event, or sent in before an instant."""
    statement = select(Import).where(Import.file_id.is_not(None))
    if event_id is not None:
        statement = statement.where(Import.event_id == event_id)
    return statement if before is None else statement.where(Import.created_at < before)
