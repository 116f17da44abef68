"""Facts and decisions of bookings and the desk."""

from eventsvc.bookings.policy.facts import (
    Booked,
    BookingCancelled,
    BookingFact,
    BookingOfferAccepted,
    BookingOffered,
    BookingOfferEnded,
    BookingPromoted,
)
from eventsvc.bookings.policy.seats import BusSeats, Seats, attends, booking_open, capacity_of

__all__ = [
    "Booked",
    "BookingCancelled",
    "BookingFact",
    "BookingOfferAccepted",
    "BookingOfferEnded",
    "BookingOffered",
    "BookingPromoted",
    "BusSeats",
    "Seats",
    "attends",
    "booking_open",
    "capacity_of",
]
