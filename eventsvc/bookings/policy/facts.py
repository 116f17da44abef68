"""What happens to bookings, told in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from eventsvc.facts.policy import Fact


@dataclass(frozen=True, kw_only=True)
class BookingFact(Fact):
    """Base of the facts of one booking (``subject_id``)."""

    item_id: str
    item_kind: str
    registration_id: str
    participant_id: str


@dataclass(frozen=True, kw_only=True)
class Booked(BookingFact):
    """A seat was booked (``state`` confirmed) or a place in its waiting list taken."""

    kind: ClassVar[str] = "booking.created"
    state: str


@dataclass(frozen=True, kw_only=True)
class BookingPromoted(BookingFact):
    """A booking came from the waiting list to a seat."""

    kind: ClassVar[str] = "booking.promoted"
    number: int


@dataclass(frozen=True, kw_only=True)
class BookingCancelled(BookingFact):
    """A booking was given up or taken away. ``cause``: attendee, organiser, registration, item."""

    kind: ClassVar[str] = "booking.cancelled"
    previous_state: str
    cause: str


@dataclass(frozen=True, kw_only=True)
class BookingOffered(BookingFact):
    """A seat is held for somebody of the waiting list until ``offer_ends_at``."""

    kind: ClassVar[str] = "booking.offered"
    number: int
    offer_ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class BookingOfferAccepted(BookingFact):
    """Somebody took the seat that was held."""

    kind: ClassVar[str] = "booking.offer-accepted"


@dataclass(frozen=True, kw_only=True)
class BookingOfferEnded(BookingFact):
    """An offer lapsed or was declined; the booking waits on in its old order."""

    kind: ClassVar[str] = "booking.offer-ended"
