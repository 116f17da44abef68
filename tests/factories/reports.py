"""Synthetic events that ended, with guests, seats and stated figures."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from eventsvc.bookings import actions as bookings
from eventsvc.events import actions as events
from eventsvc.events.models import Event, Figure
from eventsvc.registration import actions as registration
from tests.factories.bookings import make_booking, make_visit, make_workshop
from tests.factories.events import ACTOR, ENDS, NOW, STARTS, make_event
from tests.factories.registration import make_open_event, make_registration

AFTER = ENDS + timedelta(hours=1)
"""When the report of a default event is due."""

COUNTRIES = ("AT", "DE", "DE", "DE", "FR", "FR", "FR", "FR", "CH", "CH")
LIST = ["anna@example.org", "ben@example.org"]


def make_figure(session: Session, event: Event, **values: Any) -> Figure:
    """A stated figure: more than 120 participants unless told."""
    told = {"metric": "participants", "operator": ">", "value": 120, **values}
    figure: Figure = events.add_figure(session, ACTOR, event, told, now=NOW)
    return figure


def make_ended(
    session: Session, organiser_id: str, *, guests: int = 10, came: int = 8, **values: Any
) -> Event:
    """A completed edition with ``guests`` registered, of whom the first ``came`` were let in."""
    told = {"report_list": LIST, "allow_overlaps": True, **values}
    event = make_open_event(session, organiser_id, **told)
    registered = [
        make_registration(
            session,
            event,
            country=COUNTRIES[number % len(COUNTRIES)],
            type="speaker" if number % 5 == 0 else "guest",
        )
        for number in range(guests)
    ]
    seats(session, event, registered[:6])
    events.transition(session, ACTOR, event, "running", now=STARTS)
    for guest in registered[:came]:
        registration.mark_attended(session, ACTOR, event, guest, now=STARTS)
    complete(session, event)
    return event


def seats(session: Session, event: Event, guests: list[Any]) -> None:
    """A workshop of four seats with a waiting list, attendance taken, and a visit without."""
    workshop = make_workshop(session, event, capacity=4, title="Workshop Hydrogen", hour=1)
    visit = make_visit(session, event, 10, title="Example Works", hour=5)
    workshop.visible = True
    booked = [make_booking(session, workshop, guest) for guest in guests]
    for guest in guests[:2]:
        make_booking(session, visit, guest)
    if len(booked) > 4:
        gone = booked[0]
        bookings.cancel_booking(session, ACTOR, event.id, gone.id, now=NOW)
    for booking in booked[1:4]:
        booking.state, booking.attended_at = "attended", STARTS
    workshop.attendance = "closed" if guests else "not_taken"
    session.flush()


def complete(session: Session, event: Event, *, now: datetime = ENDS) -> None:
    """Take a running event to its end."""
    events.transition(session, ACTOR, event, "completed", now=now)


def make_recorded(session: Session, organiser_id: str, **values: Any) -> Event:
    """A past edition as the archive has it, known to the month."""
    told = {
        "title": "Example meets Regions",
        "date_precision": "month",
        "month": "2025-04",
        "city": "Exampleton",
        "country": "DE",
        "region": "Example-Region",
        "timezone": "Europe/Berlin",
        "report_list": LIST,
        **values,
    }
    event = make_event(session, organiser_id, **told)
    events.transition(session, ACTOR, event, "completed", recorded=True, now=NOW)
    return event
