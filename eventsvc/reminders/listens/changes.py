"""What people are told when an edition, a session or a visit moves or is called off."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from eventsvc.agenda.policy import ItemCancelled, ItemMoved
from eventsvc.core.db import nudge
from eventsvc.events.models import Event
from eventsvc.events.policy import (
    EventCancelled,
    EventCopied,
    EventMoved,
    EventPostponed,
    EventPublished,
)
from eventsvc.mail.actions import cancel_pending
from eventsvc.reminders.actions import (
    PLAN,
    copy_rules,
    forget_event,
    forget_item,
    hold_announcements,
    tell_people,
)
from eventsvc.reminders.plan import DEPARTURE_CHANGED, ITEM_CANCELLED, MOVED, POSTPONED
from eventsvc.reminders.queries import addressees, booked, event_told_of, told_together
from eventsvc.visits.policy import DeparturesChanged

PLACED = ("confirmed", "attended", "offered")
INTERESTED = ("pending", "waitlisted", *PLACED)


def on_event_copied(session: Session, fact: EventCopied) -> None:
    """A new edition reminds as the one does that it was made after."""
    source = session.get_one(Event, fact.source_id)
    copy_rules(session, source, session.get_one(Event, fact.subject_id))


def on_event_published(session: Session, fact: EventPublished) -> None:
    """Reminders of a published edition are planned at once."""
    del fact
    nudge(session, PLAN)


def on_event_moved(session: Session, fact: EventMoved) -> None:
    """Reminders of the old start go; everybody with a place hears of the new one, always."""
    if not fact.reminders_move:
        return
    forget_event(session, fact.subject_id, reason=MOVED, now=fact.at)
    event = event_told_of(session, fact.subject_id)
    if event is None or fact.new_start is None or event.first_published_at is None:
        return
    _older(session, fact.subject_id, "event_moved", fact.starts_rev, fact.at)
    people = addressees(session, event.id, states=PLACED)
    tell_people(
        session,
        event,
        people,
        purpose="event_moved",
        subject=("event", event.id),
        revision=fact.starts_rev,
        payload={"old_start": fact.old_start.isoformat() if fact.old_start else None},
        now=fact.at,
    )


def on_event_cancelled(session: Session, fact: EventCancelled) -> None:
    """All that waits is dropped; everybody who registered is told."""
    hold_announcements(session, fact.subject_id, reason="event cancelled", now=fact.at)
    cancel_pending(session, event_id=fact.subject_id, reason="event cancelled", now=fact.at)
    event = event_told_of(session, fact.subject_id)
    if event is not None:
        tell_people(
            session,
            event,
            addressees(session, event.id, states=INTERESTED),
            purpose="event_cancelled",
            subject=("event", event.id),
            revision=fact.number,
            payload={"reason": fact.reason},
            now=fact.at,
        )


def on_event_postponed(session: Session, fact: EventPostponed) -> None:
    """Reminders go; everybody who registered is told. The new date will be told as a move."""
    hold_announcements(session, fact.subject_id, reason=POSTPONED, now=fact.at)
    forget_event(session, fact.subject_id, reason=POSTPONED, now=fact.at)
    event = event_told_of(session, fact.subject_id)
    if event is not None:
        tell_people(
            session,
            event,
            addressees(session, event.id, states=INTERESTED),
            purpose="event_postponed",
            subject=("event", event.id),
            revision=int(fact.at.timestamp()),
            payload={"old_start": event.starts_at.isoformat() if event.starts_at else None},
            now=fact.at,
        )


def on_item_moved(session: Session, fact: ItemMoved) -> None:
    """Whoever has a seat hears of the new time, unless the whole event moved with it."""
    if not fact.reminders_move:
        return
    forget_item(session, fact.subject_id, reason=MOVED, now=fact.at)
    event = event_told_of(session, fact.event_id)
    if event is None or fact.new_start is None or told_together(session, fact, EventMoved.kind):
        return
    _older(session, fact.subject_id, "session_moved", fact.starts_rev, fact.at)
    tell_people(
        session,
        event,
        booked(session, fact.subject_id),
        purpose="session_moved",
        subject=(fact.item_kind, fact.subject_id),
        revision=fact.starts_rev,
        payload={"old_start": fact.old_start.isoformat() if fact.old_start else None},
        now=fact.at,
    )


def on_item_cancelled(session: Session, fact: ItemCancelled) -> None:
    """Whoever has a seat is told. Listed before the bookings, which give the seats back."""
    forget_item(session, fact.subject_id, reason=ITEM_CANCELLED, now=fact.at)
    cancel_pending(session, subject_id=fact.subject_id, reason=ITEM_CANCELLED, now=fact.at)
    event = event_told_of(session, fact.event_id)
    if event is None or told_together(session, fact, EventCancelled.kind):
        return
    tell_people(
        session,
        event,
        booked(session, fact.subject_id),
        purpose="session_cancelled",
        subject=(fact.item_kind, fact.subject_id),
        revision=fact.number,
        payload={"reason": fact.reason},
        now=fact.at,
    )


def on_departures_changed(session: Session, fact: DeparturesChanged) -> None:
    """Reminders of departures are planned anew, with the new times."""
    forget_item(session, fact.subject_id, reason=DEPARTURE_CHANGED, now=fact.at)


def _older(session: Session, subject_id: str, purpose: str, revision: int, now: datetime) -> None:
    """A message about an earlier move, still unsent, would only confuse."""
    cancel_pending(
        session,
        subject_id=subject_id,
        purpose=purpose,
        revision_below=revision,
        reason=MOVED,
        now=now,
    )
