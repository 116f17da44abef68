"""What happens to registrations, told in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from eventsvc.facts.policy import Fact


@dataclass(frozen=True, kw_only=True)
class RegistrationFact(Fact):
    """Base of the facts of one registration (``subject_id``) of one participant."""

    participant_id: str


@dataclass(frozen=True, kw_only=True)
class RegistrationCreated(RegistrationFact):
    """Somebody registered; ``state`` is what came of it at once."""

    kind: ClassVar[str] = "registration.created"
    state: str


@dataclass(frozen=True, kw_only=True)
class RegistrationReceived(RegistrationFact):
    """A registration awaits its e-mail proof or an approval (state pending)."""

    kind: ClassVar[str] = "registration.received"
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


@dataclass(frozen=True, kw_only=True)
class RegistrationOffered(RegistrationFact):
    """A place is held for somebody of the waiting list until ``offer_ends_at``."""

    kind: ClassVar[str] = "registration.offered"
    number: int
    offer_ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class RegistrationRefused(RegistrationFact):
    """A public registration found no place and no room on the list; its mail says so."""

    kind: ClassVar[str] = "registration.refused"
    reason: str


@dataclass(frozen=True, kw_only=True)
class RegistrationRepeated(RegistrationFact):
    """The address of an active registration was sent again; only its mailbox is told."""

    kind: ClassVar[str] = "registration.repeated"
    state: str


@dataclass(frozen=True, kw_only=True)
class RegistrationModeChanged(RegistrationFact):
    """A guest changed between on site and online."""

    kind: ClassVar[str] = "registration.mode-changed"
    mode: str


@dataclass(frozen=True, kw_only=True)
class LinkRenewed(RegistrationFact):
    """A new private link is wanted by mail; the old ones have ended."""

    kind: ClassVar[str] = "registration.link-renewed"


@dataclass(frozen=True, kw_only=True)
class ParticipantAnonymised(Fact):
    """A person was taken out of the books (``subject_id`` is the participant); who holds more of
    them lets it go now (security.md §3)."""

    kind: ClassVar[str] = "participant.anonymised"
