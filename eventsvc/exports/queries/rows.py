"""Questions about exports."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload
from sqlalchemy.sql import Select

from eventsvc.core.errors import NotFound
from eventsvc.core.ids import is_id
from eventsvc.core.jobs import Job
from eventsvc.events.models import Event
from eventsvc.exports.models import Export

KIND = "export"
"""Kind of the jobs of this room."""

SORTS: dict[str, Any] = {"created_at": Export.created_at}


def exports_of(event: Event, filters: Mapping[str, Any] | None = None) -> Select[Export]:
    """The exports of an event with job and file, narrowed by the filters of the list."""
    filters = filters or {}
    statement = (
        select(Export)
        .join(Job, Job.id == Export.job_id)
        .where(Export.event_id == event.id)
        .options(contains_eager(Export.job), joinedload(Export.file))
    )
    if filters.get("kind"):
        statement = statement.where(Export.kind.in_(filters["kind"]))
    if filters.get("state"):
        statement = statement.where(Job.state.in_(filters["state"]))
    return statement


def export_for(session: Session, event: Event, export_id: str) -> Export:
    """The export of this event, job and file loaded.

    Raises:
        NotFound: there is none, it is another event's, or the id is malformed.
    """
    if not is_id(export_id):
        raise NotFound
    found = session.scalars(exports_of(event).where(Export.id == export_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def export_of_job(session: Session, job_id: str) -> Export | None:
    """The export that a job is to make; None when its event was removed."""
    return session.scalars(select(Export).where(Export.job_id == job_id)).one_or_none()


def with_files(*, event_id: str | None = None, expired: datetime | None = None) -> Select[Export]:
    """Exports whose bytes are still kept: of an event, or those that expire by an instant."""
    statement = select(Export).where(Export.file_id.is_not(None))
    if event_id is not None:
        statement = statement.where(Export.event_id == event_id)
    return statement if expired is None else statement.where(Export.expires_at <= expired)
