"""Seats of sessions and visits: given, given back, promoted. All of it under the event lock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from eventsvc.agenda import queries as agenda
from eventsvc.agenda.models import AgendaItem
from eventsvc.audit.actions import record
from eventsvc.bookings import policy, queries
from eventsvc.bookings.models import Booking
from eventsvc.core.errors import Conflict
from eventsvc.core.rights import Actor, system
from eventsvc.events.models import Event
from eventsvc.facts.actions import tell
from eventsvc.itinerary import actions as itinerary
from eventsvc.registration import actions as registration
from eventsvc.registration.policy import HOLDING, offer_end

HOUSE = system("waiting list")


def told_of(booking: Booking, item: AgendaItem, now: datetime) -> dict[str, Any]:
    """What every fact of a booking says."""
    return {
        "at": now,
        "subject_id": booking.id,
        "organiser_id": booking.organiser_id,
        "event_id": booking.event_id,
        "item_id": booking.item_id,
        "item_kind": item.kind,
        "registration_id": booking.registration_id,
        "participant_id": booking.participant_id,
    }


def come_to(session: Session, booking: Booking, state: str, *, now: datetime) -> None:
    """Write a new state; the personal calendar of the guest changes with it."""
    booking.state = state
    booking.changes += 1
    booking.changed_at = now
    session.flush()
    registration.revise(session, [booking.participant_id], now)


def take_seat(
    session: Session, event: Event, item: AgendaItem, booking: Booking, *, now: datetime
) -> None:
    """Promise to be there.

    Raises:
        Conflict: ``time-conflict``.
    """
    itinerary.promise(session, event, booking.participant_id, item.kind, item, now=now)


def give_back(
    session: Session,
    actor: Actor,
    booking: Booking,
    item: AgendaItem,
    *,
    cause: str,
    now: datetime,
) -> None:
    """End a booking and its promise. Whoever calls promotes afterwards (``promote_all``)."""
    before = booking.state
    booking.bus_id = None
    booking.cancelled_at = now
    come_to(session, booking, "cancelled", now=now)
    itinerary.forget(session, participant_id=booking.participant_id, item_id=item.id)
    changes = {"from": before, "cause": cause}
    record(session, actor, "booking.cancelled", booking, now=now, changes=changes)
    told = told_of(booking, item, now)
    tell(session, policy.BookingCancelled(**told, previous_state=before, cause=cause))


def promote_all(
    session: Session,
    event: Event,
    *,
    item_ids: Iterable[str] = (),
    participant_ids: Iterable[str] = (),
    now: datetime,
) -> None:
    """Promote for these items, and for what these participants wait for: somebody who gives up
    one thing may be free for another now (api.md §9.5)."""
    wanted = {*item_ids, *queries.items_waited_for(session, event.id, participant_ids)}
    for item_id in sorted(wanted):
        item = agenda.item_for(session, event, item_id, lock=True)
        promote_item(session, event, item, now=now)


def promote_item(
    session: Session, event: Event, item: AgendaItem, *, now: datetime
) -> list[Booking]:
    """Give every free seat of an item to the first who waits and is free then, once per seat.

    Confirms while promotion is automatic, then makes timed offers, then does nothing.
    """
    phase = registration.phase_of(event, now)
    left = queries.seats(session, item)
    if phase == "ended" or item.state == "cancelled" or not left.waiting or left.free == 0:
        return []
    offers = phase == "offers"
    line = queries.first_waiting(session, event, item, limit=left.free, never_offered=offers)
    for booking in line:
        promote_booking(session, HOUSE, event, item, booking, offer=offers, changes={}, now=now)
    return list(line)


def promote_booking(
    session: Session,
    actor: Actor,
    event: Event,
    item: AgendaItem,
    booking: Booking,
    *,
    offer: bool,
    changes: dict[str, Any],
    now: datetime,
) -> None:
    """Give a seat, or hold one as a timed offer, to a booking that waits.

    Raises:
        Conflict: ``time-conflict`` where something else is promised.
    """
    booking.bus_id = queries.seats(session, item).first_bus()
    booking.promotions += 1
    number = booking.promotions
    if not offer:
        take_seat(session, event, item, booking, now=now)
        come_to(session, booking, "confirmed", now=now)
        record(session, actor, "booking.promoted", booking, now=now, changes=changes)
        tell(session, policy.BookingPromoted(**told_of(booking, item, now), number=number))
        return
    booking.offer_ends_at = offer_end(
        now,
        hours=event.offer_hours,
        starts_at=event.starts_at,
        promotion_ends=event.promotion_ends,
    )
    come_to(session, booking, "offered", now=now)
    record(session, actor, "booking.offered", booking, now=now, changes=changes)
    told = told_of(booking, item, now)
    ends = booking.offer_ends_at
    tell(session, policy.BookingOffered(**told, number=number, offer_ends_at=ends))


def end_offer(
    session: Session, actor: Actor, booking: Booking, item: AgendaItem, *, now: datetime
) -> None:
    """Put an offered booking back in its old order; it had its turn."""
    booking.bus_id = None
    come_to(session, booking, "waitlisted", now=now)
    record(session, actor, "booking.offer-ended", booking, now=now)
    tell(session, policy.BookingOfferEnded(**told_of(booking, item, now)))


def settle_item(
    session: Session, event: Event, item: AgendaItem, *, allow_over_capacity: bool, now: datetime
) -> None:
    """Answer a change of seats: refuse what is below those held, else seat and promote.

    Raises:
        Conflict: ``capacity-below-confirmed`` (api.md §9.4).
    """
    left = queries.seats(session, item)
    if left.exceeded and not allow_over_capacity:
        raise Conflict(
            "capacity-below-confirmed",
            "More seats are held than that: cancel first, or say allow_over_capacity.",
            conflicts_with=[item.id],
        )
    if item.over_capacity != left.exceeded:
        item.over_capacity = left.exceeded
    _fill_buses(session, item, left, now=now)
    promote_item(session, event, item, now=now)


def _fill_buses(session: Session, item: AgendaItem, left: policy.Seats, *, now: datetime) -> None:
    """Who booked before there were buses gets the first seats, in order."""
    places = [bus.id for bus in left.buses for _ in range(bus.seats - bus.taken)]
    if not places:
        return
    seatless = [
        booking
        for booking in queries.active_of(session, item_id=item.id)
        if booking.bus_id is None and booking.state in HOLDING
    ]
    for booking, bus_id in zip(seatless, places, strict=False):
        booking.bus_id = bus_id
        come_to(session, booking, booking.state, now=now)
