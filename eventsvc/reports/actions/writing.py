"""Writing a report: figures frozen, files stored, mails queued, all in one transaction."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from eventsvc.audit.actions import record
from eventsvc.core.rights import Actor
from eventsvc.events.models import Event
from eventsvc.events.queries import lock_event
from eventsvc.facts.actions import tell
from eventsvc.mail.actions import contact_for, queue
from eventsvc.mail.policy import BULK
from eventsvc.reports import queries, render
from eventsvc.reports.models import Report, ReportFile
from eventsvc.reports.policy import LANGUAGES, ReportWritten, language_of

PURPOSE = "event_report"


def write(session: Session, actor: Actor, report: Report, *, now: datetime) -> Report:
    """Freeze the figures, store the pages, queue the mails (reports.md §2.8, delivery.md §10).

    Called again it does what is missing and changes nothing that stands: figures are frozen
    once, and a mail has one row per contact and revision. Recorded editions send no mail.
    """
    event = lock_event(session, report.event_id)  # no seat changes while it is counted
    if report.written_at is None:
        _freeze(session, event, report, now=now)
        changes = {"revision": report.revision}
        record(session, actor, "report.written", report, now=now, changes=changes)
        _tell(session, report, now=now)
    if not event.recorded:
        _queue_mails(session, event, report, now=now)
    return report


def _freeze(session: Session, event: Event, report: Report, *, now: datetime) -> None:
    previous: Any = queries.last_snapshot(session, report)
    snapshot = queries.figures_now(
        session, event, revision=report.revision, previous=previous, now=now
    )
    report.snapshot = snapshot
    report.written_at = now
    for form, media_type in render.FORMATS.items():
        for language in LANGUAGES:
            body = render.render(snapshot, form, language)
            session.add(
                ReportFile(
                    report_id=report.id,
                    format=form,
                    language=language,
                    media_type=media_type,
                    etag=hashlib.sha256(body).hexdigest()[:32],
                    body=body,
                )
            )
    session.flush()


def _tell(session: Session, report: Report, *, now: datetime) -> None:
    fact = ReportWritten(
        at=now,
        subject_id=report.id,
        organiser_id=report.organiser_id,
        event_id=report.event_id,
        revision=report.revision,
    )
    tell(session, fact)


def _queue_mails(session: Session, event: Event, report: Report, *, now: datetime) -> None:
    locale = language_of(next(iter(event.languages), None))
    for address in event.report_list:
        contact = contact_for(session, address, locale=locale, zone=event.timezone, now=now)
        queue(
            session,
            purpose=PURPOSE,
            subject_type="event",
            subject_id=event.id,
            recipient_id=contact.id,
            contact=contact,
            event_id=event.id,
            organiser_id=event.organiser_id,
            revision=report.revision,
            priority=BULK,
            due_at=now,
            payload={"report_id": report.id},
            now=now,
        )
