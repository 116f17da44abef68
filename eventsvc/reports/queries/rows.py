"""Reports as rows: revisions, files, what is due."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased, undefer
from sqlalchemy.sql import Select

from eventsvc.agenda.models import AgendaItem
from eventsvc.core.errors import NotFound
from eventsvc.events.models import Event
from eventsvc.reports.models import Report, ReportFile
from eventsvc.reports.policy import ENDED, RELEASED

KIND = "report"
"""Kind of the jobs that write reports."""

DIGITS = 6


def revisions_of(event: Event) -> Select[Report]:
    """The report revisions of an event."""
    return select(Report).where(Report.event_id == event.id)


def revision_for(session: Session, event: Event, number: str) -> Report:
    """The report revision of an event by its number, as in an address.

    Raises:
        NotFound: there is none, or it is no number.
    """
    if not (number.isascii() and number.isdigit() and len(number) <= DIGITS):
        raise NotFound
    found = session.scalars(revisions_of(event).where(Report.revision == int(number))).one_or_none()
    if found is None:
        raise NotFound
    return found


def file_of(session: Session, report: Report, form: str, language: str) -> ReportFile:
    """A report as it was stored, its bytes loaded.

    Raises:
        NotFound: it is not written yet.
    """
    statement = select(ReportFile).where(
        ReportFile.report_id == report.id,
        ReportFile.format == form,
        ReportFile.language == language,
    )
    found = session.scalars(statement.options(undefer(ReportFile.body))).one_or_none()
    if found is None:
        raise NotFound("The report is still being written.")
    return found


def next_revision(session: Session, event_id: str) -> int:
    """The number of a new revision. Ask it under the event lock."""
    last = select(func.max(Report.revision)).where(Report.event_id == event_id)
    return (session.scalar(last) or 0) + 1


def last_snapshot(session: Session, report: Report) -> dict[str, object] | None:
    """The figures of the revision before, to tell what changed; None for the first."""
    before = (
        select(Report.snapshot)
        .where(
            Report.event_id == report.event_id,
            Report.revision < report.revision,
            Report.written_at.is_not(None),
        )
        .order_by(Report.revision.desc())
        .limit(1)
    )
    return session.scalars(before).first()


def due_to_open(session: Session, *, delay: timedelta, now: datetime, most: int) -> list[Event]:
    """Events that ended ``delay`` ago or longer and have no report, oldest first.

    Never recorded ones: their report is made when asked for (reports.md §2.7).
    """
    statement = (
        select(Event)
        .where(
            Event.state.in_(ENDED),
            Event.recorded.is_(False),
            Event.completed_at.is_not(None),
            func.coalesce(Event.ends_at, Event.completed_at) <= now - delay,
            ~exists().where(Report.event_id == Event.id),
        )
        .order_by(Event.ends_at, Event.id)
        .limit(most)
    )
    return list(session.scalars(statement))


def unreleased(
    session: Session, *, after: str | None, most: int
) -> list[tuple[Report, Event, bool]]:
    """The newest written revision of each event that is not released, by id after ``after``.

    With the event, and whether attendance of an item is still being taken (editions.md §6).
    Recorded editions are left out: what is entered for the archive is not released by a clock.
    """
    newer = aliased(Report)
    taking = exists().where(AgendaItem.event_id == Event.id, AgendaItem.attendance == "open")
    statement = (
        select(Report, Event, taking)
        .join(Event, Event.id == Report.event_id)
        .where(
            Report.state != RELEASED,
            Report.written_at.is_not(None),
            Event.recorded.is_(False),
            ~exists().where(newer.event_id == Report.event_id, newer.revision > Report.revision),
        )
        .order_by(Report.id)
        .limit(most)
    )
    if after is not None:
        statement = statement.where(Report.id > after)
    return [(report, event, bool(open_)) for report, event, open_ in session.execute(statement)]
