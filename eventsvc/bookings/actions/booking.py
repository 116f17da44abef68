"""Booking a session or visit."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from eventsvc.agenda import queries as agenda
from eventsvc.agenda.models import AgendaItem
from eventsvc.audit.actions import record
from eventsvc.bookings import policy, queries
from eventsvc.bookings.actions import seats
from eventsvc.bookings.models import Booking
from eventsvc.core.errors import Conflict, Invalid, NotFound
from eventsvc.core.ids import new_id
from eventsvc.core.rights import Actor
from eventsvc.events.models import Event
from eventsvc.facts.actions import tell
from eventsvc.registration import actions as registration
from eventsvc.registration.models import Registration
from eventsvc.registration.policy import decide_seat
from eventsvc.registration.queries import registration_for


def book(
    session: Session,
    actor: Actor,
    event_id: str,
    item_id: str,
    registration_id: str,
    *,
    bus_id: str | None = None,
    stop_id: str | None = None,
    kind: str | None = None,
    now: datetime,
) -> Booking:
    """Book a seat in a session (``kind`` session) or visit for a confirmed guest, or join its
    waiting list. A visit gives the bus asked for, or that of the stop, else the first with a seat.

    Raises:
        NotFound: no such event or item; for a guest also a hidden one.
        Invalid: no such registration, bus or stop, or the stop of another bus.
        Conflict: ``booking-closed``, ``not-confirmed``, ``mode-mismatch``, ``already-booked``,
            ``bus-full``, ``sold-out``, ``time-conflict``, ``archived``.
    """
    event = registration.lock(session, event_id)
    item = agenda.item_for(session, event, item_id, kind, lock=True)
    guest = _guest(session, event, registration_id)
    left = queries.seats(session, item)
    _check_open(event, item, left, actor, now=now)
    _check_guest(session, item, guest)
    seat = _decide(session, event, item, left, now=now)
    if seat == "sold-out":
        raise Conflict("sold-out", "All seats are taken and the waiting list takes no more.")
    if stop_id is not None:
        bus_id = queries.bus_of_stop(session, item.id, stop_id, bus_id)
    bus = _bus(left, bus_id, needed=seat == "confirmed")
    booking = _new(session, event, item, guest, state=seat, bus_id=bus, now=now)
    booking.stop_id = stop_id
    if seat == "confirmed":
        seats.take_seat(session, event, item, booking, now=now)
    session.add(booking)
    session.flush()
    registration.revise(session, [guest.participant_id], now)
    record(session, actor, "booking.created", booking, now=now, changes={"state": seat})
    tell(session, policy.Booked(**seats.told_of(booking, item, now), state=seat))
    if seat == "waitlisted":
        seats.promote_item(session, event, item, now=now)
    return queries.booking_for(session, event, booking.id)


def _new(
    session: Session,
    event: Event,
    item: AgendaItem,
    guest: Registration,
    *,
    state: str,
    bus_id: str | None,
    now: datetime,
) -> Booking:
    """A booking that is not in the session yet: its promise may be refused."""
    return Booking(
        id=new_id(),
        organiser_id=event.organiser_id,
        event_id=event.id,
        item_id=item.id,
        registration_id=guest.id,
        participant_id=guest.participant_id,
        bus_id=bus_id,
        state=state,
        sequence=queries.next_sequence(session, item.id),
        changed_at=now,
        created_at=now,
    )


def _guest(session: Session, event: Event, registration_id: str) -> Registration:
    try:
        return registration_for(session, event, registration_id)
    except NotFound:
        detail = "This event has no such registration."
        raise Invalid.field("/registration_id", "unknown", detail) from None


def _check_open(
    event: Event, item: AgendaItem, left: policy.Seats, actor: Actor, *, now: datetime
) -> None:
    staff = registration.by_of(actor) != "attendee"
    if not staff and not item.visible:
        raise NotFound
    timed = item.starts_at is not None and left.capacity is not None
    if not policy.booking_open(
        event_state=event.state,
        item_state=item.state,
        bookable=item.bookable,
        ready=item.kind != "visit" or timed,
        opens_at=item.booking_opens_at,
        closes_at=item.booking_closes_at,
        staff=staff,
        now=now,
    ):
        raise Conflict("booking-closed", "Seats of this item cannot be booked now.")


def _check_guest(session: Session, item: AgendaItem, guest: Registration) -> None:
    if guest.state not in ("confirmed", "attended"):
        raise Conflict("not-confirmed", "Only a confirmed registration may hold bookings.")
    if not policy.attends(guest.mode, item_kind=item.kind, item_mode=item.mode):
        raise Conflict("mode-mismatch", "Somebody online cannot take a seat on site.")
    standing = queries.active_booking(session, item.id, guest.id)
    if standing is not None:
        raise Conflict(
            "already-booked",
            "This guest has a booking for the item.",
            conflicts_with=[standing.id],
        )


def _decide(
    session: Session, event: Event, item: AgendaItem, left: policy.Seats, *, now: datetime
) -> str:
    ahead = left.waiting
    if ahead and registration.phase_of(event, now) == "automatic":
        # whoever waits beside a free seat has promised something else at that time
        ahead = len(queries.first_waiting(session, event, item, limit=1))
    return decide_seat(
        free=left.free,
        ahead=ahead,
        waiting=left.waiting,
        waiting_list=event.waiting_list,
        limit=item.waiting_list_limit,
    )


def _bus(left: policy.Seats, bus_id: str | None, *, needed: bool) -> str | None:
    """The bus of a new booking; who waits gets one when promoted."""
    if bus_id is not None:
        chosen = next((bus for bus in left.buses if bus.id == bus_id), None)
        if chosen is None:
            raise Invalid.field("/bus_id", "unknown", "This visit has no such bus.")
        if needed and chosen.taken >= chosen.seats:
            raise Conflict("bus-full", "That bus is full: choose another, or none.")
    return (bus_id or left.first_bus()) if needed else None
