"""Doors: long work and what came of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from eventsvc.accounts.schemas.long_work import JobOut
from eventsvc.audit.actions import record
from eventsvc.core import clock
from eventsvc.core.errors import Forbidden
from eventsvc.core.http import SIGNED_IN, Door, actor, needs, told
from eventsvc.core.jobs import Job
from eventsvc.core.work import cancel, job_of

jobs = Door(
    "jobs", __name__, url_prefix="/api/v1/jobs", description="Long work and what came of it"
)


@jobs.get("/<job_id>")
@needs(SIGNED_IN, gate="job")
@jobs.reads(JobOut)
def read_job(session: Session, job_id: str) -> dict[str, Any]:
    """Read how far a job is, and what came of it."""
    found = _job(session, job_id)
    return {**vars(found), "problem": found.problem and told(found.problem)}


@jobs.delete("/<job_id>")
@needs(SIGNED_IN, gate="job")
@jobs.writes(204)
def cancel_job(session: Session, job_id: str) -> None:
    """Cancel a job that has not ended; nothing of it stands."""
    now = clock.now(session)
    found = _job(session, job_id, lock=True)
    record(session, actor(), "job.cancelled", found, now=now, changes={"kind": found.kind})
    cancel(session, found, now=now)


def _job(session: Session, job_id: str, *, lock: bool = False) -> Job:
    """The job that the gate has let through, if the caller has the scope of its work."""
    found = job_of(session, job_id, lock=lock)
    if found.scope is not None and not actor().may(found.scope):
        raise Forbidden(required_scope=found.scope)
    return found
