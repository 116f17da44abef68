"""Files to be imported: taken in with a job, and forgotten after a week."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from eventsvc.audit.actions import record
from eventsvc.core import files
from eventsvc.core.errors import Forbidden
from eventsvc.core.ids import new_id
from eventsvc.core.rights import Actor
from eventsvc.core.work import queue_job
from eventsvc.events.models import Event
from eventsvc.events.policy import refuse_archived
from eventsvc.imports import queries
from eventsvc.imports.models import Import
from eventsvc.imports.policy import check_form

RUN = "imports.run"
MEDIA = "application/octet-stream"


def take(
    session: Session, actor: Actor, event: Event, values: Mapping[str, Any], *, now: datetime
) -> Import:
    """Keep a file and queue the job that does its work; ``values`` as ``ImportForm`` reads them.

    Raises:
        Invalid: a form that this kind does not come in.
        Forbidden: the directory of the whole organiser, by a credential for one event.
        Conflict: ``archived``.
    """
    refuse_archived(event.state)
    check_form(values["kind"], values["format"])
    if values["kind"] == "organisations" and not actor.at(event.organiser_id).places:
        raise Forbidden("Your rights are for a part; this concerns the whole organiser.")
    upload = values["file"]
    kept = files.keep(session, upload.content, MEDIA, now=now)
    import_id = new_id()
    told = ("kind", "format", "mode", "match", "notify")
    taken = Import(
        id=import_id,
        organiser_id=event.organiser_id,
        event_id=event.id,
        job_id=_queue(session, event, import_id, now=now),
        file_id=kept.id,
        file_name=upload.name,
        size=kept.size,
        charset=values.get("charset"),
        sent_by=actor.kept(),
        created_at=now,
        **{name: values[name] for name in told},
    )
    session.add(taken)
    session.flush()
    changes = {name: values[name] for name in told}
    record(session, actor, "import.received", taken, now=now, changes=changes)
    return taken


def _queue(session: Session, event: Event, import_id: str, *, now: datetime) -> str:
    return queue_job(
        session,
        queries.KIND,
        key=f"import|{import_id}",
        args={"import_id": import_id},
        organiser_id=event.organiser_id,
        event_id=event.id,
        scope="imports",
        wake=RUN,
        now=now,
    )


def forget_files(
    session: Session, *, event_id: str | None = None, before: datetime | None = None
) -> int:
    """Forget the bytes of imports, of an event or older than ``before``; returns how many."""
    found = list(session.scalars(queries.with_files(event_id=event_id, before=before)))
    gone = [row.file_id for row in found]
    for row in found:
        row.file_id = None
    session.flush()
    files.discard(session, gone)
    return len(gone)
