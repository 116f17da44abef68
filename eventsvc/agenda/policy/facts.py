"""What the agenda tells the rooms above (design: facts)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from eventsvc.facts.policy import Fact


@dataclass(frozen=True, kw_only=True)
class ItemMoved(Fact):
    """Times of a session or visit changed (``subject_id`` is the item)."""

    kind: ClassVar[str] = "session.moved"
    item_kind: str
    old_start: datetime | None
    old_end: datetime | None
    new_start: datetime | None
    new_end: datetime | None
    starts_rev: int
    reminders_move: bool


@dataclass(frozen=True, kw_only=True)
class ItemCancelled(Fact):
    """A session or visit was cancelled. ``number`` counts its cancellations."""

    kind: ClassVar[str] = "session.cancelled"
    item_kind: str
    reason: str | None
    number: int


@dataclass(frozen=True, kw_only=True)
class ItemCapacityChanged(Fact):
    """Places of a session or visit changed; listeners promote or refuse."""

    kind: ClassVar[str] = "session.capacity-changed"
    item_kind: str
    allow_over_capacity: bool


@dataclass(frozen=True, kw_only=True)
class AgendaPublished(Fact):
    """The programme was published as numbered snapshot ``number``.

    ``shown``: ids of the items that became visible; ``whom``: as for :class:`ItemChanged`.
    """

    kind: ClassVar[str] = "agenda.published"
    number: int
    shown: tuple[str, ...] = ()
    whom: str | None = None


@dataclass(frozen=True, kw_only=True)
class ItemChanged(Fact):
    """Guests see a visible item differently: title, room, time, mode, cancelled or not.

    ``changes``: name → [old, new]. ``whom`` is to be told: ``nobody``, ``hit`` (whose own programme
    it is in), ``all``; None: as the event says.
    """

    kind: ClassVar[str] = "session.changed"
    item_kind: str
    changes: dict[str, list[Any]]
    whom: str | None = None


@dataclass(frozen=True, kw_only=True)
class ItemRemoved(Fact):
    """A session or visit is about to be deleted; whoever still needs it refuses by raising."""

    kind: ClassVar[str] = "session.removed"
    item_kind: str


@dataclass(frozen=True, kw_only=True)
class SpeakerFact(Fact):
    """Base of the facts of one role (``subject_id``) of one speaker; ids and states only.

    ``item_id`` None: the role is on the whole event. ``number`` counts the speaker's invitations.
    """

    item_id: str | None
    profile_id: str
    role: str
    by: str  # organiser or speaker
    number: int = 0


@dataclass(frozen=True, kw_only=True)
class SpeakerInvited(SpeakerFact):
    """A speaker is asked to come and to answer."""

    kind: ClassVar[str] = "speaker.invited"


@dataclass(frozen=True, kw_only=True)
class SpeakerAccepted(SpeakerFact):
    """A speaker said yes."""

    kind: ClassVar[str] = "speaker.accepted"


@dataclass(frozen=True, kw_only=True)
class SpeakerDeclined(SpeakerFact):
    """A speaker said no."""

    kind: ClassVar[str] = "speaker.declined"


@dataclass(frozen=True, kw_only=True)
class SpeakerConfirmed(SpeakerFact):
    """The organiser confirmed a speaker."""

    kind: ClassVar[str] = "speaker.confirmed"


@dataclass(frozen=True, kw_only=True)
class SpeakerReplaced(SpeakerFact):
    """Somebody stands in for a speaker: the role ``stand_in_id``."""

    kind: ClassVar[str] = "speaker.replaced"
    stand_in_id: str


@dataclass(frozen=True, kw_only=True)
class SpeakerConsentGiven(Fact):
    """A speaker (``subject_id`` is the profile) agreed to ``consent``, or withdrew it."""

    kind: ClassVar[str] = "speaker.consent"
    consent: str
    given: bool


@dataclass(frozen=True, kw_only=True)
class SpeakerReached(Fact):
    """A speaker (``subject_id`` is the profile) is reached at another address, or by new link.

    ``letter``: the new private link is to be mailed.
    """

    kind: ClassVar[str] = "speaker.reached"
    letter: bool
