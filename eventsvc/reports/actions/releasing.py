"""The gate of a report: checked and released, by people or by itself (editions.md §10)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from eventsvc.audit.actions import record
from eventsvc.core.rights import Actor, system
from eventsvc.facts.actions import tell
from eventsvc.reports import queries
from eventsvc.reports.models import Report
from eventsvc.reports.policy import (
    RELEASED,
    ReportReleased,
    check_step,
    releases_itself,
)

MOST_AT_ONCE = 200


def transition(session: Session, actor: Actor, report: Report, to: str, *, now: datetime) -> Report:
    """Take a report from draft to checked, or from checked to released.

    Raises:
        TransitionNotAllowed: no such arrow.
        Conflict: ``report-not-written``.
    """
    check_step(report.state, to, written=report.written_at is not None)
    _step(session, actor, report, to, by_itself=False, now=now)
    return report


def release_due(session: Session, *, now: datetime) -> int:
    """Release what waited ``auto_release_days`` while no attendance is open; returns how many.

    Only the newest revision of an event; a recorded edition waits for a person.
    """
    released, last = 0, None
    while found := queries.unreleased(session, after=last, most=MOST_AT_ONCE):
        last = found[-1][0].id
        for report, event, taking in found:
            if releases_itself(
                state=report.state,
                written_at=report.written_at,
                after_days=event.auto_release_days,
                attendance_open=taking,
                now=now,
            ):
                actor = system("reports.release")
                _step(session, actor, report, RELEASED, by_itself=True, now=now)
                released += 1
    return released


def _step(
    session: Session, actor: Actor, report: Report, to: str, *, by_itself: bool, now: datetime
) -> None:
    came_from, report.state = report.state, to
    if to == RELEASED:
        report.released_at = now
    session.flush()
    changes = {"from": came_from, "to": to, "revision": report.revision}
    record(session, actor, f"report.{to}", report, now=now, changes=changes)
    if to == RELEASED:
        fact = ReportReleased(
            at=now,
            subject_id=report.id,
            organiser_id=report.organiser_id,
            event_id=report.event_id,
            revision=report.revision,
            by_itself=by_itself,
        )
        tell(session, fact)
