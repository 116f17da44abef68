"""Bookings and check-ins as rows, with what stands around them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.sql import Select

from eventsvc.agenda.models import AgendaItem
from eventsvc.bookings.models import Booking, CheckIn
from eventsvc.core.errors import NotFound
from eventsvc.core.ids import is_id
from eventsvc.events.models import Event
from eventsvc.itinerary.queries import is_busy
from eventsvc.registration.models import Registration
from eventsvc.registration.policy import MOVING
from eventsvc.visits.queries import out_of_reach

ACTIVE = ("confirmed", "waitlisted", "offered", "attended", "no_show")


def bookings(event_id: str) -> Select[Booking]:
    """The bookings of an event with item, registration and participant."""
    return (
        select(Booking)
        .where(Booking.event_id == event_id)
        .options(
            joinedload(Booking.item),
            joinedload(Booking.registration).joinedload(Registration.participant),
        )
    )


def booking_for(
    session: Session, event: Event, booking_id: str, *, registration_id: str | None = None
) -> Booking:
    """A booking of ``event`` as it is now; ``registration_id``: only of that guest.

    Raises:
        NotFound: there is none, it is another's, or the id is malformed.
    """
    if not is_id(booking_id):
        raise NotFound
    wanted = bookings(event.id).where(Booking.id == booking_id)
    if registration_id is not None:
        wanted = wanted.where(Booking.registration_id == registration_id)
    found = session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found


def active_booking(session: Session, item_id: str, registration_id: str) -> Booking | None:
    """The one active booking of a guest for an item (api.md §9.5)."""
    wanted = select(Booking).where(
        Booking.item_id == item_id,
        Booking.registration_id == registration_id,
        Booking.state != "cancelled",
    )
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def active_of(
    session: Session, *, registration_id: str | None = None, item_id: str | None = None
) -> Sequence[Booking]:
    """The active bookings of a guest, or for an item, in order."""
    wanted = select(Booking).where(Booking.state != "cancelled").options(joinedload(Booking.item))
    if registration_id is not None:
        wanted = wanted.where(Booking.registration_id == registration_id)
    if item_id is not None:
        wanted = wanted.where(Booking.item_id == item_id)
    fresh = wanted.order_by(Booking.sequence).execution_options(populate_existing=True)
    return session.scalars(fresh).all()


def ever_booked(session: Session, item_id: str) -> bool:
    """Whether anybody booked an item, cancelled bookings counted too."""
    return session.scalar(select(Booking.id).where(Booking.item_id == item_id).limit(1)) is not None


def first_waiting(
    session: Session,
    event: Event,
    item: AgendaItem,
    *,
    limit: int | None,
    never_offered: bool = False,
) -> Sequence[Booking]:
    """The first ``limit`` who wait for an item and are free at its time; the others are skipped
    and keep their place (api.md §9.5). ``never_offered``: without those who had an offer.
    """
    wanted = bookings(event.id).where(Booking.item_id == item.id, Booking.state == "waitlisted")
    if not event.allow_overlaps and item.starts_at is not None:
        far = out_of_reach(session, event, item.id, item.starts_at, item.ends_at)
        wanted = wanted.where(~is_busy(Booking.participant_id, item, far))
    if never_offered:
        wanted = wanted.where(Booking.offer_ends_at.is_(None))
    fresh = wanted.order_by(Booking.sequence).limit(limit)
    return session.scalars(fresh.execution_options(populate_existing=True)).all()


def items_waited_for(
    session: Session, event_id: str, participant_ids: Iterable[str]
) -> Sequence[str]:
    """Ids of the items for which any of these participants waits."""
    wanted = select(Booking.item_id).where(
        Booking.event_id == event_id,
        Booking.participant_id.in_(list(participant_ids)),
        Booking.state == "waitlisted",
    )
    return session.scalars(wanted.distinct().order_by(Booking.item_id)).all()


def next_sequence(session: Session, item_id: str) -> int:
    """The next number in the order of an item; ask it under the event lock."""
    newest = select(func.max(Booking.sequence)).where(Booking.item_id == item_id)
    return (session.scalar(newest) or 0) + 1


def positions(session: Session, rows: Iterable[Booking]) -> dict[str, int]:
    """Booking id → rank of those among ``rows`` who wait; one query, or none."""
    waiting = [row for row in rows if row.state == "waitlisted"]
    if not waiting:
        return {}
    ranked = (
        select(
            Booking.id,
            func.row_number()
            .over(partition_by=Booking.item_id, order_by=Booking.sequence)
            .label("rank"),
        )
        .where(Booking.item_id.in_({row.item_id for row in waiting}), Booking.state == "waitlisted")
        .subquery()
    )
    ids = [row.id for row in waiting]
    return {row.id: row.rank for row in session.execute(select(ranked).where(ranked.c.id.in_(ids)))}


def items_to_promote(session: Session, *, now: datetime) -> Sequence[tuple[str, str]]:
    """(event, item) pairs in which an offer lapsed, or somebody waits and promotion may go on."""
    lapsed = (Booking.state == "offered") & (Booking.offer_ends_at <= now)
    upcoming = or_(Event.starts_at.is_(None), Event.starts_at > now)
    waits = (Booking.state == "waitlisted") & Event.state.in_(MOVING) & upcoming
    wanted = select(Booking.event_id, Booking.item_id).join(Event, Event.id == Booking.event_id)
    found = session.execute(wanted.where(or_(lapsed, waits)).distinct())
    return [(row.event_id, row.item_id) for row in found]


def offers_lapsed(session: Session, item_id: str, *, now: datetime) -> Sequence[Booking]:
    """The offers for an item that ended without an answer."""
    wanted = select(Booking).where(
        Booking.item_id == item_id, Booking.state == "offered", Booking.offer_ends_at <= now
    )
    fresh = wanted.options(joinedload(Booking.item)).execution_options(populate_existing=True)
    return session.scalars(fresh).all()


def check_ins(event_id: str) -> Select[CheckIn]:
    """The standing check-ins of an event with their guests."""
    return (
        select(CheckIn)
        .where(CheckIn.event_id == event_id, CheckIn.undone_at.is_(None))
        .options(joinedload(CheckIn.registration).joinedload(Registration.participant))
    )


def check_in_for(session: Session, event: Event, check_in_id: str) -> CheckIn:
    """A standing check-in of ``event``.

    Raises:
        NotFound: there is none, it was undone, or the id is malformed.
    """
    if not is_id(check_in_id):
        raise NotFound
    found = session.scalars(check_ins(event.id).where(CheckIn.id == check_in_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def standing_check_in(session: Session, registration_id: str, target_id: str) -> Any:
    """The check-in of a guest at the event or an item, if there is one."""
    wanted = select(CheckIn).where(
        CheckIn.registration_id == registration_id,
        CheckIn.target_id == target_id,
        CheckIn.undone_at.is_(None),
    )
    return session.scalars(wanted).one_or_none()
