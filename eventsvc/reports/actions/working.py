"""Writing the reports whose jobs were queued (delivery.md §10)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from eventsvc.core import work
from eventsvc.core.rights import system
from eventsvc.core.work import Claimed
from eventsvc.reports import queries
from eventsvc.reports.actions.writing import write
from eventsvc.reports.models import Report

LEASE = timedelta(seconds=300)


def claim_next(session: Session, *, now: datetime) -> Claimed | None:
    """Take the next report to be written; None when there is none."""
    return work.claim_next(session, queries.KIND, now=now, lease=LEASE)


def write_claimed(session: Session, claimed: Claimed, *, now: datetime) -> None:
    """Write the report and end its job.

    Raises:
        ClaimLost: the claim was lost meanwhile.
    """
    job = work.held(session, claimed, now=now)
    report = session.get(Report, job.args["report_id"])
    if report is not None:  # else its event was removed meanwhile
        write(session, system("reports.write"), report, now=now)
    work.succeed(session, claimed, job.args, now=now)
