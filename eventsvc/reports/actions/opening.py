"""A report is a row before it is a page: opening revisions (reports.md §2.7)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from eventsvc.audit.actions import record
from eventsvc.core.ids import new_id
from eventsvc.core.jobs import insert_once
from eventsvc.core.rights import Actor, system
from eventsvc.core.work import queue_job
from eventsvc.events.models import Event
from eventsvc.events.queries import lock_event
from eventsvc.reports import queries
from eventsvc.reports.models import Report
from eventsvc.reports.policy import DRAFT, check_reportable, is_due

MOST_AT_ONCE = 200
WRITE = "reports.write"


def open_reports(session: Session, *, delay: timedelta, now: datetime) -> list[str]:
    """Open revision 1 for each event that ended ``delay`` ago or longer, with the job to write it.

    Once per event whatever happens: both rows have unique keys. Returns the ids of new reports.
    """
    opened = []
    for event in queries.due_to_open(session, delay=delay, now=now, most=MOST_AT_ONCE):
        due = is_due(
            state=event.state,
            recorded=event.recorded,
            ends_at=event.ends_at,
            completed_at=event.completed_at,
            delay=delay,
            now=now,
        )
        report = _open(session, event, revision=1, now=now) if due else None
        if report is None:
            continue
        record(session, system("reports.open"), "report.opened", report, now=now)
        _queue_job(session, report, now=now)
        opened.append(report.id)
    return opened


def open_revision(
    session: Session, actor: Actor, event_id: str, *, reason: str | None = None, now: datetime
) -> Report:
    """Open a new revision by hand, also for a recorded edition; the caller writes it at once.

    Raises:
        NotFound: no such event.
        Conflict: ``event-not-ended``, ``archived``.
    """
    event = lock_event(session, event_id)
    check_reportable(event.state)
    # the event's lock makes this number ours, but for a job that opens the first one just now
    report = None
    while report is None:
        number = queries.next_revision(session, event.id)
        report = _open(session, event, revision=number, now=now)
    report.reason = reason
    record(session, actor, "report.opened", report, now=now, changes={"revision": report.revision})
    return report


def _open(session: Session, event: Event, *, revision: int, now: datetime) -> Report | None:
    """The new row, or None where somebody else has just opened this revision."""
    values = {
        "id": new_id(),
        "organiser_id": event.organiser_id,
        "event_id": event.id,
        "revision": revision,
        "state": DRAFT,
        "version": 1,
        "opened_at": now,
    }
    session.flush()
    written: Any = session.execute(
        insert_once(session, Report, values, on=["event_id", "revision"])
    )
    return session.get_one(Report, values["id"]) if written.rowcount == 1 else None


def _queue_job(session: Session, report: Report, *, now: datetime) -> None:
    queue_job(
        session,
        queries.KIND,
        key=f"report|{report.event_id}|{report.revision}",
        args={"report_id": report.id, "event_id": report.event_id},
        organiser_id=report.organiser_id,
        event_id=report.event_id,
        scope="reports:write",
        wake=WRITE,
        now=now,
    )
