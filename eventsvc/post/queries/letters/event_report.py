"""The letter that brings a post-event report to its list (reports.md §2.13)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from eventsvc.accounts.models import Organiser
from eventsvc.core import config
from eventsvc.events.models import Event, Series
from eventsvc.mail.models import Contact, OutboxMessage
from eventsvc.post.policy import Attachment, Ended, Letter
from eventsvc.reports.models import Report
from eventsvc.reports.policy import RELEASED, language_of
from eventsvc.reports.queries import file_of, glance_in


def event_report(session: Session, message: OutboxMessage, _now: datetime) -> Letter | Ended:
    """The figures at a glance, as they were frozen, with the page attached."""
    report = session.get(Report, message.payload["report_id"])
    event = session.get(Event, message.event_id)
    if report is None or event is None or report.snapshot is None:
        return Ended("cancelled", "report gone")
    organiser = session.get_one(Organiser, event.organiser_id)
    contact = session.get_one(Contact, message.contact_id)
    series = session.get(Series, event.series_id) if event.series_id else None
    language = language_of(message.locale)
    page = file_of(session, report, "html", language)
    return Letter(
        template="event_report",
        context={
            "name": contact.name or organiser.name,
            "organiser": {"name": organiser.name, "email": organiser.email},
            "event": {"title": event.title},
            **_said(report, event, language),
        },
        sender_name=event.title,
        reply_to=organiser.email,
        list_name="reports",
        unsubscribe_scope=f"purpose:{message.purpose}",
        attachments=(
            Attachment(f"report-{event.slug}-{report.revision}.html", "text/html", page.body),
        ),
        series=series.slug if series else None,
    )


def _said(report: Report, event: Event, language: str) -> dict[str, Any]:
    address = f"/api/v1/events/{event.id}/report-revisions/{report.revision}"
    told = glance_in(report.snapshot or {}, language)
    return {
        "summary": told.headline,
        "rows": told.rows,
        "revision": report.revision,
        "draft": report.state != RELEASED,
        "days": event.auto_release_days,
        "report_url": f"{config.current().base_url}{address}?language={language}",
    }
