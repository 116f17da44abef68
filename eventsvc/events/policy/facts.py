"""What editions tell the rooms above (design: facts)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from eventsvc.facts.policy import Fact


@dataclass(frozen=True, kw_only=True)
class EventAnnounced(Fact):
    """An edition was announced: it has a public page and followers."""

    kind: ClassVar[str] = "event.announced"


@dataclass(frozen=True, kw_only=True)
class EventCopied(Fact):
    """An edition was made after an older one; its rooms copy what belongs to it.

    The copy of a row has ``core.ids.copied_id(event_id, id of the row)``.
    """

    kind: ClassVar[str] = "event.copied"
    source_id: str


@dataclass(frozen=True, kw_only=True)
class EventPublished(Fact):
    """An edition was published: registration may open, its calendar is public.

    ``first``: never before; a postponed edition is published again.
    """

    kind: ClassVar[str] = "event.published"
    first: bool = True


@dataclass(frozen=True, kw_only=True)
class EventMoved(Fact):
    """The start of an edition moved. ``reminders_move``: by the threshold or more.

    ``days``: by how many days the edition as a whole moved on the calendar of the place; the
    agenda follows. 0 where it was only made longer or shorter.
    """

    kind: ClassVar[str] = "event.moved"
    old_start: datetime | None
    new_start: datetime | None
    starts_rev: int
    reminders_move: bool
    days: int = 0


@dataclass(frozen=True, kw_only=True)
class EventPostponed(Fact):
    """An edition was postponed; registrations stay."""

    kind: ClassVar[str] = "event.postponed"


@dataclass(frozen=True, kw_only=True)
class EventCancelled(Fact):
    """An edition was cancelled. ``number`` counts its cancellations."""

    kind: ClassVar[str] = "event.cancelled"
    reason: str
    number: int


@dataclass(frozen=True, kw_only=True)
class EventStarted(Fact):
    """An edition is running."""

    kind: ClassVar[str] = "event.started"


@dataclass(frozen=True, kw_only=True)
class EventArchived(Fact):
    """An edition was archived: it is read only."""

    kind: ClassVar[str] = "event.archived"


@dataclass(frozen=True, kw_only=True)
class EventCompleted(Fact):
    """An edition ended. ``recorded``: entered for the archive, so no mail and no report job."""

    kind: ClassVar[str] = "event.completed"
    recorded: bool


@dataclass(frozen=True, kw_only=True)
class EventCapacityChanged(Fact):
    """Places of an edition were raised or lowered; listeners promote or refuse.

    ``allow_over_capacity``: the organiser's explicit will (api.md §9.4).
    """

    kind: ClassVar[str] = "event.capacity-changed"
    allow_over_capacity: bool


@dataclass(frozen=True, kw_only=True)
class EventRemoved(Fact):
    """An edition is about to be deleted; whoever still needs it refuses by raising (api.md §6)."""

    kind: ClassVar[str] = "event.removed"


@dataclass(frozen=True, kw_only=True)
class EventUnpublished(Fact):
    """A published edition goes back to draft; whoever holds registrations or calendar items of it
    refuses by raising (api.md §7)."""

    kind: ClassVar[str] = "event.unpublished"


@dataclass(frozen=True, kw_only=True)
class EventZoneChanged(Fact):
    """An edition lies in another zone; ``keep`` is ``keep_wall_time`` or ``keep_instant``."""

    kind: ClassVar[str] = "event.zone-changed"
    old_zone: str | None
    new_zone: str | None
    keep: str
