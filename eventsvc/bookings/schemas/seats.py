"""What the doors of bookings and the desk take and answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from eventsvc.bookings.models import Booking, CheckIn
from eventsvc.core.pages import ListQuery
from eventsvc.core.text import (
    Answer,
    Body,
    Boolean,
    Choice,
    Id,
    Instant,
    Integer,
    ListOf,
    Part,
    QueryChoice,
    Text,
)
from eventsvc.registration.policy import MODES, STATES

BOOKING_STATES = tuple(state for state in STATES if state != "pending")


class BookingBody(Body):
    """A seat for a guest; on a visit in the bus asked for, else in the first with a seat."""

    registration_id = Id(required=True)
    bus_id = Id(allow_none=True, load_default=None)
    stop_id = Id(
        allow_none=True, load_default=None, metadata={"description": "Where the guest gets on"}
    )


class OwnBookingBody(Body):
    """A seat for the holder of the link."""

    item_id = Id(required=True)
    bus_id = Id(allow_none=True, load_default=None)
    stop_id = Id(allow_none=True, load_default=None, metadata={"description": "Where you get on"})


class BookingTransitionBody(Body):
    """The state to come to."""

    to = Choice(BOOKING_STATES, required=True)
    reason = Text(max_length=500, allow_none=True, load_default=None)


class StaffBookingTransitionBody(BookingTransitionBody):
    """``override``: out of order; ``allow_over_capacity``: beyond the seats; both audited."""

    override = Boolean(load_default=False)
    allow_over_capacity = Boolean(load_default=False)


class CheckInBody(Body):
    """Whom to let in: by code, to the event unless an item is named."""

    code = Text(required=True, max_length=20)
    session_id = Id(allow_none=True, load_default=None)
    site_visit_id = Id(allow_none=True, load_default=None)


class BookingsQuery(ListQuery):
    """Filter of the lists of bookings."""

    state = ListOf(QueryChoice(BOOKING_STATES), 6)


class BookingOut(Answer):
    """A booking of an item by a guest."""

    id = Id()
    event_id = Id()
    item_id = Id()
    kind = Choice(("session", "visit"))
    title = Text()
    registration_id = Id()
    participant_id = Id()
    name = Text()
    bus_id = Id(allow_none=True)
    stop_id = Id(allow_none=True)
    state = Choice(BOOKING_STATES)
    sequence = Integer()
    waitlist_position = Integer(allow_none=True)
    version = Integer()
    created_at = Instant()
    cancelled_at = Instant(allow_none=True)
    attended_at = Instant(allow_none=True)
    offer_ends_at = Instant(allow_none=True)


class CheckInOut(Answer):
    """A check-in; ``photo_allowed`` false asks for a mark on the badge (security.md §3)."""

    id = Id()
    registration_id = Id()
    target_id = Id()
    item_id = Id(allow_none=True)
    at = Instant()
    by = Text()
    code = Text()
    name = Text()
    organisation = Text(allow_none=True)
    mode = Choice(MODES)
    photo_allowed = Boolean()


class ModePlacesOut(Answer):
    """Places of one mode; null = without limit."""

    mode = Choice(MODES)
    capacity = Integer(allow_none=True)
    taken = Integer()
    free = Integer(allow_none=True)
    waiting = Integer()


class ItemSeatsOut(Answer):
    """Seats of one session or visit; null = without limit."""

    id = Id()
    kind = Choice(("session", "visit"))
    title = Text()
    capacity = Integer(allow_none=True)
    taken = Integer()
    free = Integer(allow_none=True)
    waiting = Integer()


class AvailabilityOut(Answer):
    """Places by event, mode, session and visit. ``free`` is what a newcomer of the open queue
    finds; who waits already goes first."""

    capacity = Integer(allow_none=True)
    taken = Integer()
    waiting = Integer()
    waiting_list = Boolean()
    modes = ListOf(Part(ModePlacesOut), 2)
    items = ListOf(Part(ItemSeatsOut), 1000)


def shown(booking: Booking, position: int | None) -> Mapping[str, Any]:
    """The row that :class:`BookingOut` writes."""
    row = {name: getattr(booking, name, None) for name in BookingOut.names()}
    return row | {
        "kind": booking.item.kind,
        "title": booking.item.title,
        "name": booking.registration.participant.name,
        "waitlist_position": position,
        "offer_ends_at": booking.offer_ends_at if booking.state == "offered" else None,
    }


def shown_check_in(made: CheckIn, *, photo_allowed: bool) -> Mapping[str, Any]:
    """The row that :class:`CheckInOut` writes."""
    row = {name: getattr(made, name, None) for name in CheckInOut.names()}
    guest = made.registration
    return row | {
        "code": guest.code,
        "mode": guest.mode,
        "name": guest.participant.name,
        "organisation": guest.participant.organisation_name,
        "photo_allowed": photo_allowed,
    }
