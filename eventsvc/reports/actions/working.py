"""Claims on the jobs that write reports, by the rules of the outbox (delivery.md §1, §5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from eventsvc.core.ids import new_id
from eventsvc.core.rights import system
from eventsvc.reports import queries
from eventsvc.reports.actions.writing import write
from eventsvc.reports.models import Report
from eventsvc.reports.policy import retry_after

LEASE = timedelta(seconds=300)


@dataclass(frozen=True)
class Claimed:
    """A job in the hands of one writer, until its lease ends."""

    job_id: str
    claim: str


def claim_next(session: Session, *, now: datetime) -> Claimed | None:
    """Take the next job that is due, or one whose writer went silent; None when there is none."""
    while (job := queries.job_due(session, now=now)) is not None:
        if retry_after(job.attempts) is None:
            # its writer died each time without a word: it must not stop the others
            job.state, job.problem, job.ended_at = "failed", job.problem or "poison", now
            session.flush()
            continue
        job.state = "running"
        job.claim = new_id()
        job.lease_until = now + LEASE
        job.attempts += 1
        session.flush()
        return Claimed(job.id, job.claim)
    return None


def write_claimed(session: Session, claimed: Claimed, *, now: datetime) -> bool:
    """Write the report and end its job; False when the claim was lost meanwhile."""
    job = queries.job_claimed(session, claimed.job_id, claimed.claim, now=now)
    if job is None:
        return False
    report = session.get(Report, job.args["report_id"])
    if report is not None:
        write(session, system("reports.write"), report, now=now)
    job.state, job.progress, job.ended_at = "succeeded", 100, now
    job.claim = job.lease_until = None
    job.problem = None if report is not None else "The report was removed."
    job.result = dict(job.args)
    session.flush()
    return True


def put_off(session: Session, claimed: Claimed, *, problem: str, now: datetime) -> None:
    """Note why the report could not be written, and try again later or give up."""
    job = queries.job_claimed(session, claimed.job_id, claimed.claim, now=now)
    if job is None:
        return
    wait = retry_after(job.attempts)
    job.problem = problem
    job.claim = job.lease_until = None
    if wait is None:
        job.state, job.ended_at = "failed", now
    else:
        job.state, job.due_at = "queued", now + wait
    session.flush()
