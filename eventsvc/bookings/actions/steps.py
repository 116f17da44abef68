"""The steps of a booking: given back, promoted, offered, attended (api.md §7)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from eventsvc.agenda import queries as agenda
from eventsvc.agenda.models import AgendaItem
from eventsvc.audit.actions import record
from eventsvc.bookings import policy, queries
from eventsvc.bookings.actions import seats
from eventsvc.bookings.models import Booking
from eventsvc.core.errors import Conflict
from eventsvc.core.rights import Actor
from eventsvc.events.models import Event
from eventsvc.facts.actions import tell
from eventsvc.registration import actions as registration
from eventsvc.registration.policy import check_arrow


def cancel_booking(
    session: Session,
    actor: Actor,
    event_id: str,
    booking_id: str,
    *,
    now: datetime,
    registration_id: str | None = None,
) -> Booking:
    """Give a seat back; the first who waits and is free then gets it in the same transaction.

    Raises:
        NotFound: no such booking; with ``registration_id`` also another guest's.
        TransitionNotAllowed: it cannot be cancelled any more.
        Conflict: ``cancellation-closed`` for a guest once the item began.
    """
    values = {"to": "cancelled"}
    return transition(
        session, actor, event_id, booking_id, values, now=now, registration_id=registration_id
    )


def transition(
    session: Session,
    actor: Actor,
    event_id: str,
    booking_id: str,
    values: Mapping[str, Any],
    *,
    now: datetime,
    registration_id: str | None = None,
) -> Booking:
    """Bring a booking to the state ``values["to"]``; organisers may say ``override`` and
    ``allow_over_capacity``.

    Raises:
        NotFound: no such booking.
        TransitionNotAllowed: no arrow for this caller.
        Conflict: what the step itself refuses.
    """
    event = registration.lock(session, event_id)
    booking = queries.booking_for(session, event, booking_id, registration_id=registration_id)
    item = agenda.item_for(session, event, booking.item_id, lock=True)
    before, to = booking.state, values["to"]
    check_arrow(before, to, registration.by_of(actor))
    if to == "cancelled":
        _cancel(session, actor, event, item, booking, now=now)
    elif before == "waitlisted":
        _promote(session, actor, event, item, booking, values=values, now=now)
    elif before == "offered":
        _answer_offer(session, actor, event, item, booking, to=to, now=now)
    else:
        mark(session, actor, item, booking, to, now=now)
    return booking


def _cancel(
    session: Session,
    actor: Actor,
    event: Event,
    item: AgendaItem,
    booking: Booking,
    *,
    now: datetime,
) -> None:
    by = registration.by_of(actor)
    if by == "attendee" and item.starts_at is not None and now >= item.starts_at:
        raise Conflict("cancellation-closed", "It has begun: ask the organiser.")
    seats.give_back(session, actor, booking, item, cause=by, now=now)
    guests = [booking.participant_id]
    seats.promote_all(session, event, item_ids=[item.id], participant_ids=guests, now=now)


def _promote(
    session: Session,
    actor: Actor,
    event: Event,
    item: AgendaItem,
    booking: Booking,
    *,
    values: Mapping[str, Any],
    now: datetime,
) -> None:
    registration.require_open(event, now=now)
    full = queries.seats(session, item).free == 0
    over, override = bool(values.get("allow_over_capacity")), bool(values.get("override"))
    if full and not over:
        raise Conflict("no-place-free", "No seat is free: raise the capacity first.")
    first = queries.first_waiting(session, event, item, limit=1)
    if first and first[0].id != booking.id and not override:
        raise Conflict(
            "not-first-in-order",
            "Somebody waits longer: say override to promote out of order.",
            conflicts_with=[first[0].id],
        )
    if full:
        item.over_capacity = True
    changes = {"override": override, "allow_over_capacity": full}
    seats.promote_booking(
        session, actor, event, item, booking, offer=False, changes=changes, now=now
    )


def _answer_offer(
    session: Session,
    actor: Actor,
    event: Event,
    item: AgendaItem,
    booking: Booking,
    *,
    to: str,
    now: datetime,
) -> None:
    if to == "waitlisted":
        seats.end_offer(session, actor, booking, item, now=now)
        seats.promote_item(session, event, item, now=now)
        return
    if booking.offer_ends_at is not None and now >= booking.offer_ends_at:
        raise Conflict("offer-ended", "The offer has ended; the seat goes to the next.")
    seats.take_seat(session, event, item, booking, now=now)
    seats.come_to(session, booking, "confirmed", now=now)
    record(session, actor, "booking.offer-accepted", booking, now=now)
    tell(session, policy.BookingOfferAccepted(**seats.told_of(booking, item, now)))


def mark(
    session: Session, actor: Actor, item: AgendaItem, booking: Booking, to: str, *, now: datetime
) -> None:
    """Note who came (``attended``), who did not (``no_show``), or take it back (``confirmed``).

    Raises:
        TransitionNotAllowed: no arrow for this caller.
        Conflict: ``attendance-open``: no-show exists only once attendance is closed.
    """
    check_arrow(booking.state, to, registration.by_of(actor))
    if to == "no_show" and item.attendance != "closed":
        raise Conflict("attendance-open", "Close the attendance of the item first.")
    booking.state = to
    booking.attended_at = now if to == "attended" else None
    session.flush()
    record(session, actor, "booking.marked", booking, now=now, changes={"to": to})
