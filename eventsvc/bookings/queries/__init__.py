"""Questions about bookings, seats and the desk. Each costs a fixed number of queries."""

from eventsvc.bookings.queries.invariants import broken_invariants
from eventsvc.bookings.queries.manifest import (
    Load,
    Manifest,
    Passenger,
    bus_of_stop,
    manifest_of,
)
from eventsvc.bookings.queries.rows import (
    ACTIVE,
    active_booking,
    active_of,
    booking_for,
    bookings,
    check_in_for,
    check_ins,
    ever_booked,
    first_waiting,
    items_to_promote,
    items_waited_for,
    next_sequence,
    offers_lapsed,
    positions,
    standing_check_in,
)
from eventsvc.bookings.queries.seats import availability, seats, seats_of

__all__ = [
    "ACTIVE",
    "Load",
    "Manifest",
    "Passenger",
    "active_booking",
    "active_of",
    "availability",
    "booking_for",
    "bookings",
    "broken_invariants",
    "bus_of_stop",
    "check_in_for",
    "check_ins",
    "ever_booked",
    "first_waiting",
    "items_to_promote",
    "items_waited_for",
    "manifest_of",
    "next_sequence",
    "offers_lapsed",
    "positions",
    "seats",
    "seats_of",
    "standing_check_in",
]
