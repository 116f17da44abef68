"""What bookings do when something below them changes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from eventsvc.agenda import queries as agenda
from eventsvc.bookings import policy, queries
from eventsvc.bookings.actions import seats
from eventsvc.bookings.models import Booking
from eventsvc.core.errors import Conflict
from eventsvc.core.rights import system
from eventsvc.events import queries as events
from eventsvc.itinerary import actions as itinerary

HOUSE = system("bookings")


def leave_all(
    session: Session, event_id: str, registration_id: str, participant_id: str, *, now: datetime
) -> None:
    """A registration ended: its bookings are cancelled, its seats go to whoever waits."""
    event = events.lock_event(session, event_id)
    ended = queries.active_of(session, registration_id=registration_id)
    for booking in ended:
        seats.give_back(session, HOUSE, booking, booking.item, cause="registration", now=now)
    itinerary.forget(session, participant_id=participant_id)
    items = {booking.item_id for booking in ended}
    seats.promote_all(session, event, item_ids=items, now=now)


def leave_places(
    session: Session, event_id: str, registration_id: str, mode: str, *, now: datetime
) -> None:
    """A guest changed to online: seats that need the body are given back."""
    events.lock_event(session, event_id)
    ended = [
        booking
        for booking in queries.active_of(session, registration_id=registration_id)
        if not policy.attends(mode, item_kind=booking.item.kind, item_mode=booking.item.mode)
    ]
    for booking in ended:
        seats.give_back(session, HOUSE, booking, booking.item, cause="registration", now=now)
    _go_on(session, event_id, ended, now=now)


def _go_on(session: Session, event_id: str, ended: list[Booking], *, now: datetime) -> None:
    event = events.lock_event(session, event_id)
    items = {booking.item_id for booking in ended}
    guests = {booking.participant_id for booking in ended}
    seats.promote_all(session, event, item_ids=items, participant_ids=guests, now=now)


def cancel_item(session: Session, event_id: str, item_id: str, *, now: datetime) -> None:
    """An item was cancelled: its bookings end, and who was booked is free for other things."""
    events.lock_event(session, event_id)
    ended = list(queries.active_of(session, item_id=item_id))
    for booking in ended:
        seats.give_back(session, HOUSE, booking, booking.item, cause="item", now=now)
    itinerary.forget(session, item_id=item_id)
    _go_on(session, event_id, ended, now=now)


def move_item(
    session: Session,
    event_id: str,
    item_id: str,
    starts: datetime | None,
    ends: datetime | None,
    *,
    now: datetime,
) -> None:
    """An item moved: the promises move with it. Who has something else then keeps both, marked
    ``overlaps``; who was busy before may be free now and is promoted."""
    event = events.lock_event(session, event_id)
    itinerary.move(session, item_id, starts, ends)
    hit = {booking.participant_id for booking in queries.active_of(session, item_id=item_id)}
    # personal calendars see the move by the event's revision: no write per guest (rule 41)
    seats.promote_all(session, event, item_ids=[item_id], participant_ids=hit, now=now)


def settle_item(
    session: Session, event_id: str, item_id: str, *, allow_over_capacity: bool, now: datetime
) -> None:
    """Seats of an item changed.

    Raises:
        Conflict: ``capacity-below-confirmed``.
    """
    event = events.lock_event(session, event_id)
    item = agenda.item_for(session, event, item_id, lock=True)
    seats.settle_item(session, event, item, allow_over_capacity=allow_over_capacity, now=now)


def refuse_removal(session: Session, item_id: str) -> None:
    """An item that was ever booked is not deleted.

    Raises:
        Conflict: ``item-booked``.
    """
    if queries.ever_booked(session, item_id):
        raise Conflict("item-booked", "It was booked: cancel it, so that the guests are told.")


def expire_offers(session: Session, event_id: str, item_id: str, *, now: datetime) -> int:
    """Take back the offers for an item that nobody answered, then promote; how many."""
    event = events.lock_event(session, event_id)
    lapsed = queries.offers_lapsed(session, item_id, now=now)
    for booking in lapsed:
        seats.end_offer(session, HOUSE, booking, booking.item, now=now)
    seats.promote_all(session, event, item_ids=[item_id], now=now)
    return len(lapsed)
