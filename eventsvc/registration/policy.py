"""Facts and decisions of registrations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from eventsvc.facts.policy import Fact


@dataclass(frozen=True, kw_only=True)
class RegistrationFact(Fact):
    """Base of the facts of one registration (``subject_id``) of one participant."""

    participant_id: str


@dataclass(frozen=True, kw_only=True)
class RegistrationReceived(RegistrationFact):
    """A registration awaits its e-mail proof or an approval (state pending)."""

    kind: ClassVar[str] = "registration.created"
    awaits: str  # proof or approval


@dataclass(frozen=True, kw_only=True)
class RegistrationConfirmed(RegistrationFact):
    """A registration got a place at once or by approval."""

    kind: ClassVar[str] = "registration.confirmed"


@dataclass(frozen=True, kw_only=True)
class RegistrationWaitlisted(RegistrationFact):
    """A registration joined the waiting list."""

    kind: ClassVar[str] = "registration.waitlisted"


@dataclass(frozen=True, kw_only=True)
class RegistrationPromoted(RegistrationFact):
    """A registration came from the waiting list to a place. ``number`` counts its promotions."""

    kind: ClassVar[str] = "registration.promoted"
    number: int


@dataclass(frozen=True, kw_only=True)
class RegistrationCancelled(RegistrationFact):
    """A registration was cancelled or declined; its bookings and meetings go with it."""

    kind: ClassVar[str] = "registration.cancelled"
    previous_state: str
    by: str  # attendee, organiser or system
    silent: bool = False


@dataclass(frozen=True, kw_only=True)
class RegistrationAttended(RegistrationFact):
    """Somebody was checked in at the event."""

    kind: ClassVar[str] = "registration.attended"
