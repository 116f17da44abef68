"""Exports asked for with a job, and forgotten after a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from eventsvc.audit.actions import record
from eventsvc.core import files
from eventsvc.core.ids import new_id
from eventsvc.core.rights import Actor
from eventsvc.core.work import queue_job
from eventsvc.events.models import Event
from eventsvc.exports import queries
from eventsvc.exports.models import Export
from eventsvc.exports.policy import KEPT, check_form, check_people, file_name

RUN = "exports.run"


def ask(
    session: Session, actor: Actor, event: Event, values: Mapping[str, Any], *, now: datetime
) -> Export:
    """Ask for a file; ``values``: ``kind``, ``format``, ``hidden``.

    Raises:
        Invalid: a form that this kind does not come in.
        Forbidden: a list of people, to whom the list of registrations is closed.
    """
    check_people(actor, values["kind"])
    check_form(values["kind"], values["format"])
    export_id = new_id()
    job_id = queue_job(
        session,
        queries.KIND,
        key=f"export|{export_id}",
        args={"export_id": export_id},
        organiser_id=event.organiser_id,
        event_id=event.id,
        scope="reports:write",
        wake=RUN,
        now=now,
    )
    asked = Export(
        id=export_id,
        organiser_id=event.organiser_id,
        event_id=event.id,
        job_id=job_id,
        file_name=file_name(event.slug, values["kind"], values["format"]),
        asked_by=actor.kept(),
        created_at=now,
        expires_at=now + KEPT,
        **{name: values[name] for name in ("kind", "format", "hidden")},
    )
    session.add(asked)
    session.flush()
    changes = {"kind": asked.kind, "format": asked.format}
    record(session, actor, "export.asked", asked, now=now, changes=changes)
    return asked


def forget_files(
    session: Session, *, event_id: str | None = None, expired: datetime | None = None
) -> int:
    """Forget the files of exports, of an event or expired ones; returns how many."""
    found = list(session.scalars(queries.with_files(event_id=event_id, expired=expired)))
    gone = [row.file_id for row in found]
    for row in found:
        row.file_id = None
    session.flush()
    files.discard(session, gone)
    return len(gone)
