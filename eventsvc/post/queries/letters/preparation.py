"""The weekly letter about what is due in the preparation of an edition (editions.md §9, 29)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from eventsvc.accounts.models import Organiser
from eventsvc.events.models import Event, Milestone, Series
from eventsvc.events.policy import week_of, zone_of
from eventsvc.events.queries import due_for
from eventsvc.mail.models import Contact, OutboxMessage
from eventsvc.post.policy import Ended, Letter


def milestones_due(session: Session, message: OutboxMessage, now: datetime) -> Letter | Ended:
    """What is open and due by the end of this week, of that which the reader looks after."""
    event = session.get(Event, message.event_id)
    if event is None:
        return Ended("cancelled", "event gone")
    contact = session.get_one(Contact, message.contact_id)
    _, sunday, _ = week_of(now, zone_of(event))
    due = due_for(session, event, contact.email, until=sunday)
    if not due:
        return Ended("cancelled", "nothing due")
    organiser = session.get_one(Organiser, event.organiser_id)
    series = session.get(Series, event.series_id) if event.series_id else None
    today = now.astimezone(ZoneInfo(zone_of(event))).date()
    return Letter(
        template="milestones_due",
        context={
            "name": contact.name or organiser.name,
            "organiser": {"name": organiser.name, "email": organiser.email},
            "event": {"title": event.title},
            "steps": [_step(row, day, today) for day, row in due],
        },
        sender_name=event.title,
        reply_to=organiser.email,
        list_name="preparation",
        unsubscribe_scope=f"event:{event.id}:{message.purpose}",
        series=series.slug if series else None,
    )


def _step(row: Milestone, day: date, today: date) -> dict[str, Any]:
    return {
        "title": row.title,
        "due": day,
        "late": max((today - day).days, 0),
        "owner": row.owner_name,
        "note": row.note,
    }
