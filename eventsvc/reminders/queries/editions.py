"""What the planner knows of the editions ahead. Each question is asked once for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from eventsvc.agenda.models import AgendaItem
from eventsvc.agenda.policy import ItemMoved
from eventsvc.bookings.models import Booking
from eventsvc.events.models import Event
from eventsvc.events.policy import EventMoved, zone_of
from eventsvc.facts.models import FactRow
from eventsvc.mail.models import Contact
from eventsvc.registration.models import Participant, Registration
from eventsvc.reminders.plan import (
    Edition,
    Guest,
    Rules,
    Seat,
    first_known_zone,
)
from eventsvc.visits.models import Stop
from eventsvc.visits.policy import DeparturesChanged

REMINDED = ("published", "running")
PRESENT = ("confirmed", "attended")
"""States of registrations whose people are reminded."""


def editions_ahead(
    session: Session,
    rules: Mapping[str, Rules],
    *,
    now: datetime,
    until: datetime,
) -> list[Edition]:
    """The editions that start before ``until`` and have not ended, with guests and their seats."""
    return _known(session, _reminded(session, now=now, until=until), rules)


def edition_known(session: Session, event: Event, rules: Rules) -> Edition | None:
    """One edition, whatever its state; None without a day."""
    found = _known(session, [event], {event.id: rules})
    return found[0] if found else None


def _known(session: Session, events: list[Event], rules: Mapping[str, Rules]) -> list[Edition]:
    ids = [event.id for event in events]
    if not ids:
        return []
    told, changes = _moves(session, ids)
    opens = _openings(session, ids)
    guests = _guests(session, ids)
    seats = _seats(session, events, told, changes)
    return [
        Edition(
            event_id=event.id,
            organiser_id=event.organiser_id,
            zone=first_known_zone(zone_of(event)),
            starts_at=event.starts_at,
            ends_at=event.ends_at,
            starts_rev=event.starts_rev,
            told_at=told.get(event.id),
            rules=rules.get(event.id, Rules()),
            opens=opens.get(event.id, {}),
            guests=tuple(guests.get(event.id, ())),
            seats=tuple(seats.get(event.id, ())),
        )
        for event in events
        if event.starts_at is not None and event.ends_at is not None
    ]


def _reminded(session: Session, *, now: datetime, until: datetime) -> list[Event]:
    statement = select(Event).where(
        Event.state.in_(REMINDED),
        Event.recorded.is_(False),
        Event.date_precision == "day",
        Event.starts_at <= until,
        Event.ends_at > now,
    )
    return list(session.scalars(statement))


def _moves(session: Session, ids: list[str]) -> tuple[dict[str, datetime], dict[str, int]]:
    """When subjects last moved with a message, and how often the departures of visits changed."""
    told: dict[str, datetime] = {}
    changes: dict[str, int] = {}
    kinds = (EventMoved.kind, ItemMoved.kind, DeparturesChanged.kind)
    rows = session.execute(
        select(FactRow.kind, FactRow.subject_id, FactRow.at, FactRow.payload).where(
            FactRow.event_id.in_(ids), FactRow.kind.in_(kinds)
        )
    )
    for kind, subject_id, at, payload in rows:
        if kind == DeparturesChanged.kind:
            changes[subject_id] = changes.get(subject_id, 0) + 1
        elif payload.get("reminders_move"):
            told[subject_id] = max(at, told.get(subject_id, at))
    return told, changes


def _openings(session: Session, ids: list[str]) -> dict[str, dict[date, datetime]]:
    """Event id → day → start of its first shown item."""
    found: dict[str, dict[date, datetime]] = {}
    rows = session.execute(
        select(AgendaItem.event_id, AgendaItem.starts_wall, AgendaItem.starts_at).where(
            AgendaItem.event_id.in_(ids),
            AgendaItem.visible.is_(True),
            AgendaItem.state != "cancelled",
            AgendaItem.kind == "session",
            AgendaItem.starts_at.is_not(None),
        )
    )
    for event_id, wall, starts_at in rows:
        if wall is None or starts_at is None:
            continue
        days = found.setdefault(event_id, {})
        days[wall.date()] = min(starts_at, days.get(wall.date(), starts_at))
    return found


def _guests(session: Session, ids: list[str]) -> dict[str, list[Guest]]:
    found: dict[str, list[Guest]] = {}
    rows = session.execute(
        select(
            Registration.event_id,
            Registration.mode,
            func.coalesce(Registration.confirmed_at, Registration.created_at).label("since"),
            Participant.id.label("participant_id"),
            Participant.contact_id,
            func.coalesce(Participant.locale, Contact.locale).label("locale"),
            Contact.zone,
        )
        .join(Participant, Participant.id == Registration.participant_id)
        .join(Contact, Contact.id == Participant.contact_id)
        .where(
            Registration.event_id.in_(ids),
            Registration.state.in_(PRESENT),
            Participant.erased_at.is_(None),
        )
    )
    for row in rows:
        guest = Guest(
            participant_id=row.participant_id,
            contact_id=row.contact_id,
            locale=row.locale,
            zone=row.zone,
            online=row.mode == "online",
            since=row.since,
        )
        found.setdefault(row.event_id, []).append(guest)
    return found


def _seats(
    session: Session,
    events: Iterable[Event],
    told: Mapping[str, datetime],
    changes: Mapping[str, int],
) -> dict[str, list[Seat]]:
    ids = [event.id for event in events]
    first_stops = session.execute(
        select(Stop.bus_id, func.min(Stop.leaves_at))
        .where(Stop.event_id.in_(ids))
        .group_by(Stop.bus_id)
    )
    leaves = {row[0]: row[1] for row in first_stops}
    found: dict[str, list[Seat]] = {}
    for row in session.execute(_booked(ids)):
        found.setdefault(row.event_id, []).append(_seat(row, leaves, told, changes))
    return found


def _booked(ids: list[str]) -> Any:
    return (
        select(
            Booking.event_id,
            Booking.participant_id,
            Booking.bus_id,
            Booking.changed_at,
            Registration.mode.label("guest_mode"),
            AgendaItem.id.label("item_id"),
            AgendaItem.kind,
            AgendaItem.mode,
            AgendaItem.starts_at,
            AgendaItem.starts_wall,
            AgendaItem.starts_rev,
        )
        .join(AgendaItem, AgendaItem.id == Booking.item_id)
        .join(Registration, Registration.id == Booking.registration_id)
        .where(
            Booking.event_id.in_(ids),
            Booking.state == "confirmed",
            AgendaItem.state != "cancelled",
            AgendaItem.starts_at.is_not(None),
        )
    )


def _seat(
    row: Any,
    leaves: Mapping[str, datetime],
    told: Mapping[str, datetime],
    changes: Mapping[str, int],
) -> Seat:
    online = row.mode == "online" or row.guest_mode == "online"
    return Seat(
        participant_id=row.participant_id,
        item_id=row.item_id,
        item_kind=row.kind,
        online=row.kind == "session" and online,
        starts_at=row.starts_at,
        day=row.starts_wall.date(),
        # both only rise, so their sum is new whenever a departure may be
        revision=row.starts_rev + changes.get(row.item_id, 0),
        since=row.changed_at,
        told_at=told.get(row.item_id),
        bus_id=row.bus_id,
        leaves_at=leaves.get(row.bus_id),
    )
