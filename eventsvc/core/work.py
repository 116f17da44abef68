"""One-off jobs: queued as rows, claimed under a lease, ended once (delivery.md §1, §5).

A worker claims in a transaction of its own, does the work in a second one, and ends the job in
the same transaction as its effects: whoever dies in between leaves a job whose lease runs out, and
who was too slow finds its claim gone and rolls back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from eventsvc.core.db import nudge
from eventsvc.core.errors import Conflict, Invalid, NotFound, Refusal
from eventsvc.core.ids import is_id, new_id
from eventsvc.core.jobs import Job, insert_once

LEASE = timedelta(seconds=600)
RETRIES = tuple(timedelta(seconds=seconds) for seconds in (60, 300, 900, 1800))
"""Waits after a defect; after the last one a job fails."""

QUEUED, RUNNING, SUCCEEDED, FAILED, CANCELLED = (
    "queued", "running", "succeeded", "failed", "cancelled",
)  # fmt: skip
STATES = (QUEUED, RUNNING, SUCCEEDED, FAILED, CANCELLED)
DEFECT = {"code": "internal-error", "title": "Something went wrong on our side"}


@dataclass(frozen=True)
class Claimed:
    """A job in the hands of one worker, until its lease ends."""

    job_id: str
    claim: str


class ClaimLost(Exception):  # noqa: N818  no defect: somebody cancelled, or was faster
    """The job is no longer ours: its effects must not be committed."""


def queue_job(
    session: Session,
    kind: str,
    *,
    key: str,
    args: Mapping[str, Any],
    organiser_id: str | None,
    event_id: str | None = None,
    scope: str | None = None,
    wake: str | None = None,
    now: datetime,
) -> str:
    """Queue a job once per ``key``; returns its id, also when it was there already.

    ``wake``: the periodic job that does this kind of work; it is rung after the commit.
    """
    values = {
        "id": new_id(), "key": key, "kind": kind, "organiser_id": organiser_id,
        "event_id": event_id, "scope": scope, "args": dict(args), "state": QUEUED,
        "due_at": now, "attempts": 0, "progress": 0, "created_at": now,
    }  # fmt: skip
    session.execute(insert_once(session, Job, values, on=["key"]))
    if wake is not None:
        nudge(session, wake)
    return session.scalars(select(Job.id).where(Job.key == key)).one()


def claim_next(
    session: Session, kind: str, *, now: datetime, lease: timedelta = LEASE
) -> Claimed | None:
    """Take the next job of a kind that is due, or one whose worker went silent.

    Two that ask at once get different ones (``SKIP LOCKED``; SQLite has one writer).
    """
    while (job := _due(session, kind, now=now)) is not None:
        if retry_after(job.attempts) is None:
            # its worker died each time without a word: it must not stop the others
            _end(session, job, FAILED, now=now, problem=job.problem or DEFECT)
            continue
        job.state, job.claim, job.lease_until = RUNNING, new_id(), now + lease
        job.attempts += 1
        session.flush()
        return Claimed(job.id, str(job.claim))
    return None


def _due(session: Session, kind: str, *, now: datetime) -> Job | None:
    abandoned = (Job.state == RUNNING) & (Job.lease_until <= now)
    statement = (
        select(Job)
        .where(Job.kind == kind, Job.due_at <= now, or_(Job.state == QUEUED, abandoned))
        .order_by(Job.due_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return session.scalars(statement).first()


def retry_after(attempts: int) -> timedelta | None:
    """How long to wait after so many attempts; None: give up."""
    return None if attempts > len(RETRIES) else RETRIES[max(attempts, 1) - 1]


def held(session: Session, claimed: Claimed, *, now: datetime) -> Job:
    """The job, locked, while the claim holds: the fence against a worker that was too slow.

    Raises:
        ClaimLost: it was cancelled, or its lease ended and somebody else has it.
    """
    statement = (
        select(Job)
        .where(
            Job.id == claimed.job_id,
            Job.claim == claimed.claim,
            Job.state == RUNNING,
            Job.lease_until > now,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = session.scalars(statement).one_or_none()
    if found is None:
        raise ClaimLost
    return found


def note_progress(session: Session, claimed: Claimed, percent: int, *, now: datetime) -> None:
    """Tell how far a job is, and extend its lease.

    Raises:
        ClaimLost: as :func:`held`.
    """
    job = held(session, claimed, now=now)
    job.progress, job.lease_until = percent, now + LEASE
    session.flush()


def succeed(
    session: Session, claimed: Claimed, result: Mapping[str, Any] | None, *, now: datetime
) -> None:
    """End a job well, in the transaction of its effects.

    Raises:
        ClaimLost: as :func:`held`; the effects are to be rolled back.
    """
    _end(session, held(session, claimed, now=now), SUCCEEDED, now=now, result=result)


def fail(
    session: Session,
    claimed: Claimed,
    refusal: Refusal,
    *,
    result: Mapping[str, Any] | None = None,
    now: datetime,
) -> None:
    """End a job that was refused; trying again would change nothing.

    Raises:
        ClaimLost: as :func:`held`.
    """
    job = held(session, claimed, now=now)
    _end(session, job, FAILED, now=now, result=result, problem=problem_of(refusal))


def put_off(session: Session, claimed: Claimed, *, now: datetime) -> None:
    """After a defect: try again later, or give up after the last attempt.

    Raises:
        ClaimLost: as :func:`held`.
    """
    job = held(session, claimed, now=now)
    wait = retry_after(job.attempts)
    if wait is None:
        _end(session, job, FAILED, now=now, problem=DEFECT)
        return
    job.state, job.due_at, job.problem = QUEUED, now + wait, dict(DEFECT)
    job.claim = job.lease_until = None
    session.flush()


def cancel(session: Session, job: Job, *, now: datetime) -> None:
    """Cancel a job; one that runs finds its claim gone before it commits.

    Raises:
        Conflict: ``job-ended``.
    """
    if job.state == CANCELLED:
        return
    if job.state not in (QUEUED, RUNNING):
        raise Conflict("job-ended", "It has ended; what it did stands.")
    _end(session, job, CANCELLED, now=now)


def _end(
    session: Session,
    job: Job,
    state: str,
    *,
    now: datetime,
    result: Mapping[str, Any] | None = None,
    problem: Mapping[str, Any] | None = None,
) -> None:
    job.state, job.ended_at = state, now
    job.claim = job.lease_until = None
    job.result = None if result is None else dict(result)
    job.problem = None if problem is None else dict(problem)
    job.progress = 100 if state == SUCCEEDED else job.progress
    session.flush()


def problem_of(refusal: Refusal) -> dict[str, Any]:
    """What is kept of a refusal; the door adds type and status (RFC 9457)."""
    kept: dict[str, Any] = {
        "code": refusal.code,
        "title": refusal.title,
        "detail": refusal.detail,
    }
    if isinstance(refusal, Invalid):
        kept["errors"] = [vars(error) for error in refusal.errors]
    return {**kept, **{k: v for k, v in refusal.members.items() if k not in kept}}


def job_of(session: Session, job_id: str, *, lock: bool = False) -> Job:
    """The job with this id, which a gate must have let through.

    Raises:
        NotFound: there is none, or the id is malformed.
    """
    if not is_id(job_id):
        raise NotFound
    statement = select(Job).where(Job.id == job_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found
