"""A synthetic edition with everything a calendar can show, and guests with their addresses.

Made in transactions as the doors open them, so that the finishers render the items.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import icalendar
import vobject
from sqlalchemy.orm import Session

from eventsvc.agenda import actions as agenda
from eventsvc.agenda.models import AgendaItem
from eventsvc.agenda.queries import item_for
from eventsvc.bookings import actions as bookings
from eventsvc.bookings.models import Booking
from eventsvc.core.transactions import transaction
from eventsvc.events import actions as events
from eventsvc.events.models import Event
from eventsvc.feeds.actions import calendar_token
from eventsvc.ical.models import CalendarEntry
from eventsvc.ical.policy import CalendarItem, Stamp
from eventsvc.ical.render import stored_block
from eventsvc.ical.text import unfolded
from tests.factories.agenda import make_session
from tests.factories.bookings import make_booking
from tests.factories.events import ACTOR, NOW, STARTS, make_event, make_series, make_venue
from tests.factories.registration import SECRET, make_registration
from tests.factories.visits import make_bus, make_stop, make_visit

LATER = NOW + timedelta(hours=1)
_number = count(1)


@dataclass(frozen=True)
class Programme:
    """Ids and slugs of one published edition."""

    series_id: str
    series_slug: str
    event_id: str
    slug: str
    opening: str
    workshop: str
    small: str
    visit: str
    bus: str

    @property
    def path(self) -> str:
        return f"/calendars/{self.series_slug}/{self.slug}.ics"

    @property
    def series_path(self) -> str:
        return f"/calendars/{self.series_slug}.ics"


@dataclass(frozen=True)
class Guest:
    """A confirmed guest with a personal calendar."""

    registration_id: str
    participant_id: str
    token: str

    @property
    def path(self) -> str:
        return f"/my/calendar/{self.token}.ics"


def make_programme(organiser_id: str, *, suffix: str | None = None, **values: Any) -> Programme:
    """A published edition: opening, two workshops at one time, a visit with a bus and a stop."""
    suffix = suffix or str(next(_number))
    with transaction() as session:
        series = make_series(session, organiser_id, name="River Days", slug=f"river-{suffix}")
        told = {"title": "River Days 2027", "theme": "Größere Flüsse", "slug": "vienna-2027"}
        told |= {"series_id": series.id, "email_proof": False, **values}
        event = make_event(session, organiser_id, **told)
        make_venue(session, event, name="Donau Halle", street="Ufer 1", postcode="1020")
        opening = make_session(session, event, hour=0, title="Opening, welcome", type="plenary")
        group = {"bookable": True, "parallel_group": "A"}
        workshop = make_session(session, event, hour=2, title="Floods", **group)
        small = make_session(session, event, hour=3.5, title="Dykes", capacity=1, **group)
        visit = make_visit(session, event, title="Lock and weir", bookable=True)
        bus = make_bus(session, event, visit, name="Bus 1")
        make_stop(session, event, bus)
        events.transition(session, ACTOR, event, "published", now=NOW)
        ids = (opening.id, workshop.id, small.id, visit.id, bus.id)
        return Programme(series.id, series.slug, event.id, event.slug, *ids)


def make_guest(programme: Programme, *items: str, **values: Any) -> Guest:
    """A confirmed guest who booked these items."""
    with transaction() as session:
        event = session.get_one(Event, programme.event_id)
        guest = make_registration(session, event, **values)
        for item_id in items:
            make_booking(session, session.get_one(AgendaItem, item_id), guest)
        token = calendar_token(session, guest.participant_id, event.id, secret=SECRET, now=NOW)
        return Guest(guest.id, guest.participant_id, token)


def change(programme: Programme, item_id: str, *, now: datetime = LATER, **values: Any) -> None:
    """Change an agenda item as an editor does."""
    with transaction() as session:
        event = session.get_one(Event, programme.event_id)
        agenda.change_item(
            session, ACTOR, event, item_for(session, event, item_id), values, now=now
        )


def move(programme: Programme, item_id: str, *, hours: float, now: datetime = LATER) -> None:
    """Move an item by so many hours."""
    with transaction(write=False) as session:
        item = session.get_one(AgendaItem, item_id)
        assert item.starts_at is not None
        assert item.ends_at is not None
        times = {name: getattr(item, name) for name in ("starts_at", "ends_at")}
    by = timedelta(hours=hours)
    change(programme, item_id, now=now, **{name: at + by for name, at in times.items()})


def cancel(programme: Programme, item_id: str, *, now: datetime = LATER) -> None:
    """Cancel an item as an editor does."""
    with transaction() as session:
        event = session.get_one(Event, programme.event_id)
        item = item_for(session, event, item_id)
        agenda.transition_item(session, ACTOR, event, item, "cancelled", reason="rain", now=now)


def give_up(programme: Programme, guest: Guest, item_id: str, *, now: datetime = LATER) -> None:
    """Give up a booking as a guest does."""
    with transaction() as session:
        booking = booking_of(session, guest, item_id)
        bookings.cancel_booking(session, ACTOR, programme.event_id, booking.id, now=now)


def booking_of(session: Session, guest: Guest, item_id: str) -> Booking:
    """The newest booking of an item by a guest."""
    rows = session.query(Booking).filter_by(participant_id=guest.participant_id, item_id=item_id)
    return rows.order_by(Booking.sequence.desc()).first()


def add_entries(
    session: Session, programme: Programme, number: int, *, text: str = "", start: datetime = STARTS
) -> None:
    """So many stored items, five minutes apart, without sessions of the agenda behind them."""
    for index in range(number):
        wall = start.replace(tzinfo=None) + timedelta(minutes=5 * index)
        item = CalendarItem(
            uid=f"item-{programme.event_id}-{index}",
            starts=wall,
            ends=wall + timedelta(minutes=5),
            zone="Europe/Vienna",
            summary=f"Item {index}",
            url="https://events.example.org/e",
            organizer_name="Example Events",
            organizer_email="events@example.org",
            description=text or None,
        )
        block = stored_block(item, Stamp(0, NOW, NOW))
        row = CalendarEntry(
            owner_kind="item",
            owner_id=f"00000000-0000-4000-8000-{index:012}",
            scope_id=programme.event_id,
            series_id=programme.series_id,
            content_key="made",
            status="CONFIRMED",
            starts_at=block.starts_utc,
            ends_at=block.starts_utc + timedelta(minutes=5),
            created_at=NOW,
            changed_at=NOW,
            **{name: getattr(block, name) for name in ("uid", "zone", "text")},
            first_year=block.first_year,
            last_year=block.last_year,
        )
        session.add(row)
    session.flush()


def items_in(body: bytes) -> dict[str, dict[str, str]]:
    """SUMMARY → properties of each item, after two foreign parsers have read the whole feed."""
    text = body.decode()
    assert text.endswith("END:VCALENDAR\r\n")
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    parsed = icalendar.Calendar.from_ical(body)
    read = vobject.readOne(unfolded(text))
    uids = [str(item["UID"]) for item in parsed.walk("VEVENT")]
    assert sorted(uids) == sorted(item.uid.value for item in read.contents.get("vevent", []))
    assert len(set(uids)) == len(uids)
    found = {}
    for part in unfolded(text).split("BEGIN:VEVENT\r\n")[1:]:
        lines = dict(line.split(":", 1) for line in part.split("\r\nEND:VEVENT")[0].split("\r\n"))
        found[lines["SUMMARY"]] = lines
    return found
