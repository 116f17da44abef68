"""Reminders: true at the moment they are sent, or not sent (delivery.md §3, editions.md §7)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from eventsvc.mail.models import OutboxMessage
from eventsvc.post.policy import Ended, Letter
from eventsvc.post.queries.letters.known import Known, days_until, event_facts, known, letter
from eventsvc.post.queries.letters.seats import (
    booking_of,
    day_programme,
    first_departure,
    item_facts,
    item_of,
    own_programme,
)
from eventsvc.reminders.plan import evening_before, is_too_late, offset_before, runs_on
from eventsvc.visits.models import Bus

REMINDED = ("published", "running")
PRESENT = ("confirmed", "attended")
ABOUT_SAME = timedelta(minutes=5)
LATE = Ended("expired", "too late")
MOVED = Ended("cancelled", "moved")


def _about(session: Session, message: OutboxMessage, now: datetime) -> Known | Ended:
    about = known(session, message, now)
    if isinstance(about, Ended):
        return about
    if about.event.state not in REMINDED or about.event.starts_at is None:
        return Ended("cancelled", f"event {about.event.state}")
    if about.registration.state not in PRESENT:
        return Ended("cancelled", f"registration {about.registration.state}")
    return about


def practical_information(
    session: Session, message: OutboxMessage, now: datetime
) -> Letter | Ended:
    """Place, arrival and what the guest has booked, some days ahead."""
    about = _about(session, message, now)
    if isinstance(about, Ended):
        return about
    starts = about.event.starts_at
    if starts is None or message.revision != about.event.starts_rev:
        return MOVED
    if is_too_late(offset_before(starts, message.offset_s, about.zone), starts, now=now):
        return LATE
    venue = about.around.venue_of(None)
    return letter(
        about,
        "practical_information",
        reminder=True,
        days=days_until(about, starts),
        arrival=venue.arrival if venue else None,
        programme=own_programme(about),
    )


def day_ahead(session: Session, message: OutboxMessage, now: datetime) -> Letter | Ended:
    """The guest's own day, the evening before."""
    about = _about(session, message, now)
    if isinstance(about, Ended):
        return about
    if message.revision != about.event.starts_rev:
        return MOVED
    day = date.fromisoformat(message.subject_id.partition(":")[2])
    programme = day_programme(about, day)
    if not programme and not _runs(about, day):
        return Ended("cancelled", "nothing on that day")
    begins = [entry["begins"] for one in programme for entry in one["entries"]]
    first = min(begins, default=message.not_after or evening_before(day, about.zone))
    if is_too_late(evening_before(day, about.zone), first, now=now):
        return LATE
    return letter(
        about,
        "day_ahead",
        reminder=True,
        days=days_until(about, first),
        programme=programme,
        first=first,
    )


def _runs(about: Known, day: date) -> bool:
    starts, ends = about.event.starts_at, about.event.ends_at
    return starts is not None and ends is not None and runs_on(starts, ends, day, about.zone)


def starting_soon(session: Session, message: OutboxMessage, now: datetime) -> Letter | Ended:
    """One hour before a bus leaves or something online begins."""
    about = _about(session, message, now)
    if isinstance(about, Ended):
        return about
    item = _subject(about, message)
    if isinstance(item, Ended):
        return item
    starts = item["begins"]
    if message.not_after is not None and abs(message.not_after - starts) > ABOUT_SAME:
        return MOVED
    if is_too_late(offset_before(starts, message.offset_s, about.zone), starts, now=now):
        return LATE
    minutes = max(1, round((starts - now).total_seconds() / 60))
    return letter(about, "starting_soon", reminder=True, item=item, minutes=minutes)


def _subject(about: Known, message: OutboxMessage) -> dict[str, Any] | Ended:
    """What begins: the whole event, a session, or the visit that a bus goes to."""
    if message.subject_type == "event":
        return {**event_facts(about), "begins": about.event.starts_at, "bus": None, "stops": []}
    bus = about.session.get(Bus, message.subject_id) if message.subject_type == "bus" else None
    item_id = bus.visit_id if bus else message.subject_id
    item, booking = item_of(about, item_id), booking_of(about, item_id)
    if item is None or item.state == "cancelled" or item.starts_at is None:
        return Ended("cancelled", "session cancelled")
    if booking is None or booking.state != "confirmed" or (bus and booking.bus_id != bus.id):
        return Ended("cancelled", "booking cancelled")
    facts = item_facts(about, item, booking)
    leaves = first_departure(about, bus.id) if bus else None
    return {**facts, "begins": leaves or item.starts_at}
