"""Who is told of a change: participants with the contact their mail goes to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from eventsvc.bookings.models import Booking
from eventsvc.events.models import Event
from eventsvc.facts.models import FactRow
from eventsvc.facts.policy import Fact
from eventsvc.mail.models import Contact
from eventsvc.registration.models import Participant, Registration
from eventsvc.visits.models import Bus

HOLDING = ("confirmed", "offered", "attended")
"""States of a booking with a seat before its item is over."""
ACTIVE = ("pending", "waitlisted", "offered", "confirmed", "attended")
"""States of a registration that something still lies ahead of."""


@dataclass(frozen=True, kw_only=True)
class Addressee:
    """A participant, the registration that mail is about, and the contact it goes to."""

    participant_id: str
    registration_id: str
    contact_id: str
    locale: str
    zone: str | None


def addressees(
    session: Session,
    event_id: str,
    *,
    states: Collection[str] = ACTIVE,
    where: ColumnElement[bool] | None = None,
) -> list[Addressee]:
    """The participants of an event with a registration in ``states`` that fulfils ``where``; one
    query."""
    statement = _addressees().where(
        Registration.event_id == event_id, Registration.state.in_(list(states))
    )
    return _read(session, statement if where is None else statement.where(where))


def addressee(session: Session, registration_id: str) -> Addressee | None:
    """Who is told of one registration; None for an erased participant."""
    found = _read(session, _addressees().where(Registration.id == registration_id))
    return found[0] if found else None


def booked(session: Session, item_id: str) -> list[Addressee]:
    """The participants with a seat in an item; one query."""
    statement = (
        _addressees()
        .join(Booking, Booking.registration_id == Registration.id)
        .where(Booking.item_id == item_id, Booking.state.in_(HOLDING))
    )
    return _read(session, statement)


def event_told_of(session: Session, event_id: str | None) -> Event | None:
    """The event, or None where nobody is told anything: it was entered for the archive."""
    event = session.get(Event, event_id) if event_id else None
    return None if event is None or event.recorded else event


def told_together(session: Session, fact: Fact, kind: str) -> bool:
    """Whether a fact of ``kind`` was told of the same event at the same instant."""
    statement = select(func.count()).where(
        FactRow.kind == kind, FactRow.event_id == fact.event_id, FactRow.at == fact.at
    )
    return bool(session.scalar(statement))


def buses_of(session: Session, visit_id: str) -> list[str]:
    """The ids of the buses of a visit."""
    return list(session.scalars(select(Bus.id).where(Bus.visit_id == visit_id)))


def _addressees() -> Any:
    return (
        select(
            Participant.id.label("participant_id"),
            Registration.id.label("registration_id"),
            Participant.contact_id,
            func.coalesce(Participant.locale, Contact.locale).label("locale"),
            Contact.zone,
        )
        .join(Registration, Registration.participant_id == Participant.id)
        .join(Contact, Contact.id == Participant.contact_id)
        .where(Participant.erased_at.is_(None))
        .order_by(Registration.sequence)
    )


def _read(session: Session, statement: Any) -> list[Addressee]:
    return [Addressee(**row) for row in session.execute(statement).mappings()]
