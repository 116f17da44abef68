"""What one participant has: bookings, how they take part, and the stored texts for them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from eventsvc.agenda.models import AgendaItem, SpeakerRole
from eventsvc.agenda.policy import GONE_ROLES, SESSION, join_url_of
from eventsvc.bookings.models import Booking
from eventsvc.facts.models import FactRow
from eventsvc.feeds.policy import Seat
from eventsvc.feeds.queries.contents import COLUMNS, Subject, Timed, timed
from eventsvc.ical.models import CalendarEntry
from eventsvc.registration.models import Registration

PRESENT = ("confirmed", "attended", "no_show")


@dataclass(frozen=True)
class Own:
    """The bookings of one participant: by item, oldest first, and the standing seats on buses."""

    seats: dict[str, list[Seat]]
    buses: dict[str, str]


def registered_mode(session: Session, participant_id: str) -> str | None:
    """How a participant who holds a place takes part (on_site, online); None: holds no place."""
    return session.scalars(
        select(Registration.mode)
        .where(Registration.participant_id == participant_id, Registration.state.in_(PRESENT))
        .order_by(Registration.sequence.desc())
    ).first()


def own_bookings(session: Session, participant_id: str) -> Own:
    """All bookings of a participant, given up ones too; two queries at most."""
    rows = session.execute(
        select(
            Booking.id,
            Booking.item_id,
            Booking.bus_id,
            Booking.state,
            Booking.changes,
            Booking.changed_at,
            Booking.event_id,
        )
        .where(Booking.participant_id == participant_id)
        .order_by(Booking.created_at, Booking.sequence)
    ).all()
    ended = _ended_with_item(session, [row for row in rows if row.state == "cancelled"])
    seats: dict[str, list[Seat]] = {}
    for row in rows:
        seat = Seat(row.state, row.changes, row.changed_at, row.id in ended)
        seats.setdefault(row.item_id, []).append(seat)
    carried = [row for row in rows if row.state != "cancelled" or row.id in ended]
    return Own(seats, {row.bus_id: row.item_id for row in carried if row.bus_id is not None})


def _ended_with_item(session: Session, cancelled: list[Any]) -> set[str]:
    """Ids of those bookings that ended because their item was cancelled, as the facts tell."""
    if not cancelled:
        return set()
    told = session.execute(
        select(FactRow.subject_id, FactRow.payload).where(
            FactRow.event_id == cancelled[0].event_id,
            FactRow.kind == "booking.cancelled",
            FactRow.subject_id.in_([row.id for row in cancelled]),
        )
    )
    return {row.subject_id for row in told if row.payload.get("cause") == "item"}


def own_entries(session: Session, subject: Subject, own: Own, *, mode: str | None) -> list[Timed]:
    """Stored texts for one participant; one query.

    Booked items and departures, sessions with a role of the participant's own and, for who holds
    a place (``mode``), visible sessions of that mode without booking, parallel to nothing.
    """
    item = CalendarEntry.owner_kind == "item"
    chosen = [
        and_(item, CalendarEntry.owner_id.in_(own.seats)),
        and_(CalendarEntry.owner_kind == "bus", CalendarEntry.owner_id.in_(own.buses)),
    ]
    if mode is not None:
        alone = and_(AgendaItem.bookable.is_(False), AgendaItem.parallel_group.is_(None))
        fits = or_(AgendaItem.mode.is_(None), AgendaItem.mode.in_([mode, "hybrid"]))
        chosen.append(and_(item, AgendaItem.kind == SESSION, alone, fits))
    if subject.person_id is not None:
        roles = select(SpeakerRole.item_id).where(
            SpeakerRole.event_id == subject.event_id,
            SpeakerRole.person_id == subject.person_id,
            SpeakerRole.state.not_in(GONE_ROLES),
        )
        chosen.append(and_(item, CalendarEntry.owner_id.in_(roles)))
    rows = session.execute(
        select(*COLUMNS, AgendaItem.kind, AgendaItem.mode, AgendaItem.join_url)
        .outerjoin(AgendaItem, and_(item, AgendaItem.id == CalendarEntry.owner_id))
        .where(
            CalendarEntry.scope_id == subject.event_id,
            CalendarEntry.removed_at.is_(None),
            or_(*chosen),
        )
    )
    return [replace(timed(row), join_url=_join_url(row, subject)) for row in rows]


def _join_url(row: Any, subject: Subject) -> str | None:
    if row.kind != SESSION:
        return None
    return join_url_of(row.mode, row.join_url, subject.join_url)
