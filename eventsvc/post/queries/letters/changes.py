"""Letters about seats and about what moved or was called off."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from eventsvc.agenda.models import AgendaItem
from eventsvc.agenda.queries import is_called_off
from eventsvc.bookings.models import Booking
from eventsvc.mail.models import OutboxMessage
from eventsvc.post.policy import Ended, Letter
from eventsvc.post.queries.letters.calendar import calendar_part
from eventsvc.post.queries.letters.known import Known, known, letter, read_instant
from eventsvc.post.queries.letters.seats import SEATED, booking_of, item_facts, item_of

GONE = Ended("cancelled", "registration cancelled")
PAST = Ended("expired", "already begun")


def booking_promoted(session: Session, message: OutboxMessage, now: datetime) -> Letter | Ended:
    """A seat came from the waiting list of a session or visit."""
    found = _seat(session, message, now, message.payload["item_id"])
    if isinstance(found, Ended):
        return found
    about, item, booking = found
    if booking.state != "confirmed":
        return Ended("cancelled", f"booking {booking.state}")
    return _about_item(about, "booking_promoted", item, booking)


def booking_offered(session: Session, message: OutboxMessage, now: datetime) -> Letter | Ended:
    """A seat is held until the offer ends."""
    found = _seat(session, message, now, message.payload["item_id"])
    if isinstance(found, Ended):
        return found
    about, item, booking = found
    deadline = booking.offer_ends_at
    if booking.state != "offered" or deadline is None or now >= deadline:
        return Ended("expired", "offer ended")
    facts = item_facts(about, item, booking)
    return letter(about, "booking_offered", item=facts, deadline=deadline)


def session_moved(session: Session, message: OutboxMessage, now: datetime) -> Letter | Ended:
    """A session or visit with a seat of the guest has new times."""
    found = _seat(session, message, now, message.subject_id)
    if isinstance(found, Ended):
        return found
    about, item, booking = found
    if item.starts_rev != message.revision:
        return Ended("cancelled", "moved again")
    old = read_instant(message.payload.get("old_start"))
    return _about_item(about, "session_moved", item, booking, old_start=old)


def session_cancelled(session: Session, message: OutboxMessage, now: datetime) -> Letter | Ended:
    """A session or visit is off; the guest's own entry is marked so."""
    about = known(session, message, now)
    if isinstance(about, Ended):
        return about
    item = item_of(about, message.subject_id)
    if about.registration.state == "cancelled":
        return GONE
    if item is None or item.state != "cancelled":
        return Ended("cancelled", "takes place after all")
    return letter(
        about,
        "session_cancelled",
        calendar=calendar_part(about, owners=(item.id,)),
        item={**item_facts(about, item), "online": False},
        reason=message.payload.get("reason"),
    )


def event_moved(session: Session, message: OutboxMessage, now: datetime) -> Letter | Ended:
    """The event has a new date; the registration stands."""
    about = known(session, message, now)
    if isinstance(about, Ended):
        return about
    if about.registration.state == "cancelled":
        return GONE
    if is_called_off(about.event):
        return Ended("cancelled", "event cancelled")
    if about.event.starts_rev != message.revision or about.event.starts_at is None:
        return Ended("cancelled", "moved again")
    if about.event.starts_at <= now:
        return PAST
    old = read_instant(message.payload.get("old_start"))
    return letter(about, "event_moved", calendar=calendar_part(about), old_start=old)


def event_cancelled(session: Session, message: OutboxMessage, now: datetime) -> Letter | Ended:
    """The event does not take place."""
    about = known(session, message, now)
    if isinstance(about, Ended):
        return about
    if not is_called_off(about.event):
        return Ended("cancelled", "takes place after all")
    reason = message.payload.get("reason")
    return letter(about, "event_cancelled", calendar=calendar_part(about), reason=reason)


def event_postponed(session: Session, message: OutboxMessage, now: datetime) -> Letter | Ended:
    """The event does not take place when planned; a new date will come or not."""
    about = known(session, message, now)
    if isinstance(about, Ended):
        return about
    if about.registration.state == "cancelled":
        return GONE
    if about.event.state != "postponed":
        return Ended("cancelled", f"event {about.event.state}")
    return letter(
        about,
        "event_postponed",
        calendar=calendar_part(about),
        reason=about.event.state_reason,
        old_start=read_instant(message.payload.get("old_start")),
    )


def _seat(
    session: Session, message: OutboxMessage, now: datetime, item_id: str
) -> tuple[Known, AgendaItem, Booking] | Ended:
    """The guest's standing seat in an item that is still to come."""
    about = known(session, message, now)
    if isinstance(about, Ended):
        return about
    item, booking = item_of(about, item_id), booking_of(about, item_id)
    if item is None or item.state == "cancelled" or is_called_off(about.event):
        return Ended("cancelled", "session cancelled")
    if booking is None or booking.state not in SEATED:
        return Ended("cancelled", "booking cancelled")
    if item.starts_at is not None and item.starts_at <= now:
        return PAST
    return about, item, booking


def _about_item(
    about: Known, template: str, item: AgendaItem, booking: Booking, **context: Any
) -> Letter:
    owners = (item.id, booking.bus_id or item.id)
    facts = item_facts(about, item, booking)
    return letter(
        about, template, calendar=calendar_part(about, owners=owners), item=facts, **context
    )
