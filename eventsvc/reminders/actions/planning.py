"""Queueing what people are told: reminders ahead of time, changes at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from eventsvc.core.db import nudge
from eventsvc.events.models import Event
from eventsvc.events.policy import zone_of
from eventsvc.mail.actions import cancel_pending, queue_again, queue_many
from eventsvc.mail.policy import REMINDER, TRANSACTIONAL
from eventsvc.reminders.plan import DROPPED, PURPOSES, STARTING_SOON, Wanted, first_known_zone
from eventsvc.reminders.queries import Addressee, Missing, buses_of, missing

PLAN = "reminders.plan"
SUPERSEDED = "superseded"


def plan_reminders(
    session: Session, *, now: datetime, horizon: timedelta, limit: int = 2_000
) -> int:
    """Queue at most ``limit`` reminders that are due within ``horizon``; returns how many.

    One that a nearer message makes needless is written as cancelled, so that it can be seen.
    """
    found = missing(session, now=now, horizon=horizon)
    again = [row for edition in found for row in _rows(edition, edition.again)]
    queue_again(session, again, reasons=DROPPED, now=now)
    messages = [row for edition in found for row in _rows(edition, edition.messages)]
    return queue_many(session, messages[:limit], now=now)


def _rows(found: Missing, messages: Iterable[Wanted]) -> Iterator[dict[str, Any]]:
    edition = found.edition
    for message in messages:
        occasion, guest = message.occasion, found.guests[message.occasion.recipient_id]
        yield {
            "purpose": occasion.purpose,
            "subject_type": occasion.subject_type,
            "subject_id": occasion.subject_id,
            "recipient_id": occasion.recipient_id,
            "contact_id": guest.contact_id,
            "event_id": edition.event_id,
            "organiser_id": edition.organiser_id,
            "offset_s": occasion.offset_s,
            "revision": occasion.revision,
            "priority": REMINDER,
            "due_at": message.due_at,
            "not_after": message.not_after,
            "locale": guest.locale,
            "tz": occasion.quiet_zone,
            "payload": {},
            "cancelled_reason": SUPERSEDED if message.superseded else None,
        }


def tell_people(
    session: Session,
    event: Event,
    people: Iterable[Addressee],
    *,
    purpose: str,
    revision: int = 0,
    subject: tuple[str, str] | None = None,
    payload: Mapping[str, Any] | None = None,
    due_at: datetime | None = None,
    not_after: datetime | None = None,
    priority: int = TRANSACTIONAL,
    now: datetime,
) -> int:
    """Queue one message for each of ``people``, with one statement; transactional unless told.

    ``subject``: (type, id); without it each message is about the person's own registration.
    ``payload``: ids and frozen facts, e.g. the old start of what moved.
    """
    zone = zone_of(event)
    messages = [
        {
            "purpose": purpose,
            "subject_type": subject[0] if subject else "registration",
            "subject_id": subject[1] if subject else person.registration_id,
            "recipient_id": person.participant_id,
            "contact_id": person.contact_id,
            "event_id": event.id,
            "organiser_id": event.organiser_id,
            "offset_s": 0,
            "revision": revision,
            "priority": priority,
            "due_at": due_at or now,
            "not_after": not_after,
            "locale": person.locale,
            "tz": first_known_zone(person.zone, zone),
            "payload": {"registration_id": person.registration_id, **(payload or {})},
        }
        for person in people
    ]
    return queue_many(session, messages, now=now)


def forget_event(session: Session, event_id: str, *, reason: str, now: datetime) -> None:
    """Cancel the pending reminders of an event; the planner makes those still wanted anew."""
    for purpose in PURPOSES:
        cancel_pending(session, event_id=event_id, purpose=purpose, reason=reason, now=now)
    nudge(session, PLAN)


def forget_item(
    session: Session,
    item_id: str,
    *,
    participant_id: str | None = None,
    reason: str,
    now: datetime,
) -> None:
    """Cancel the pending reminders of a session or visit and of its buses, for one or for all."""
    for subject_id in (item_id, *buses_of(session, item_id)):
        cancel_pending(
            session,
            subject_id=subject_id,
            recipient_id=participant_id,
            purpose=STARTING_SOON,
            reason=reason,
            now=now,
        )
    nudge(session, PLAN)


def forget_person(session: Session, participant_id: str, *, reason: str, now: datetime) -> None:
    """Cancel all that waits for a participant who gave up or lost the place."""
    cancel_pending(session, recipient_id=participant_id, reason=reason, now=now)
