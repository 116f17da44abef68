"""What an agenda item may be, and when: pure decisions (api.md §5, §6, §7)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations

from eventsvc.core.errors import FieldError, TransitionNotAllowed

SESSION, VISIT = "session", "visit"
SITE_VISIT = "site_visit"
SIDE_EVENT = "side_event"
SESSION_TYPES = (
    "plenary", "keynote", "panel", "presentation", "workshop", "breakout", "world_cafe",
    "matchmaking", "side_event", "award_ceremony", "exhibition", "networking", "video", "news",
    "funding_opportunities", "break", "other",
)  # fmt: skip
ITEM_TYPES = (*SESSION_TYPES, SITE_VISIT)
ROLES = ("speaker", "keynote", "moderator", "panellist", "rapporteur", "host", "jury", "awardee")
MODES = ("on_site", "online", "hybrid")

PLANNED, CONFIRMED, CANCELLED = "planned", "confirmed", "cancelled"
STATES = (PLANNED, CONFIRMED, CANCELLED)
# planned → confirmed is no step of an editor: a publication takes it (api.md §7)
STEPS: dict[str, tuple[str, ...]] = {
    PLANNED: (CANCELLED,),
    CONFIRMED: (PLANNED, CANCELLED),
    CANCELLED: (PLANNED,),
}
GONE_ROLES = frozenset({"declined", "replaced"})

LONGEST_SESSION = timedelta(hours=24)
FARTHEST_OUTSIDE = timedelta(days=3)


def join_url_of(mode: str | None, own: str | None, of_event: str | None) -> str | None:
    """Where online guests join an item: its own address, else the event's; None: on site only."""
    return None if mode == "on_site" else own or of_event


def type_label(kind: str) -> str:
    """The type of an item as people read it: ``world_cafe`` is "World cafe"."""
    return kind.replace("_", " ").capitalize()


@dataclass(frozen=True)
class Span:
    """Start and end of something, as instants."""

    starts_at: datetime
    ends_at: datetime

    def overlaps(self, other: Span) -> bool:
        """Whether both last at one moment; one that starts when the other ends does not."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


def check_step(current: str, to: str) -> None:
    """Refuse a step that the state machine of sessions and visits does not have.

    Raises:
        TransitionNotAllowed: with the steps there are.
    """
    allowed = STEPS.get(current, ())
    if to not in allowed:
        raise TransitionNotAllowed(current, to, allowed)


def room_left(kind: str, item_type: str) -> timedelta:
    """How far outside the event such an item may lie (api.md §5, §6)."""
    return FARTHEST_OUTSIDE if kind == VISIT or item_type == SIDE_EVENT else timedelta()


def span_errors(
    span: Span, *, kind: str, item_type: str, event_span: Span | None
) -> list[FieldError]:
    """What is wrong with the times of an item; ``event_span`` None: the event has no dates yet."""
    if span.ends_at <= span.starts_at:
        return [FieldError("/ends_at", "before-start", "The end must be after the start")]
    errors = []
    if kind == SESSION and span.ends_at - span.starts_at > LONGEST_SESSION:
        errors.append(FieldError("/ends_at", "too-long", "A session lasts 24 hours at most"))
    if event_span is not None and not inside(span, event_span, room_left(kind, item_type)):
        far = "at most 3 days outside the event" if room_left(kind, item_type) else "in the event"
        early = span.starts_at < event_span.starts_at - room_left(kind, item_type)
        pointer = "/starts_at" if early else "/ends_at"
        errors.append(FieldError(pointer, "outside-event", f"It must lie {far}"))
    return errors


def inside(span: Span, outer: Span, slack: timedelta = timedelta()) -> bool:
    """Whether a span lies in another one, give or take ``slack`` on both sides."""
    early, late = outer.starts_at - slack, outer.ends_at + slack
    return early <= span.starts_at and span.ends_at <= late


@dataclass(frozen=True)
class Occupied:
    """A span in which an item needs a thing (a room, a person) for itself.

    ``block_id``: the block whose member the item is; a block and its members share their room.
    """

    item_id: str
    span: Span
    thing_id: str
    block_id: str | None = None


@dataclass(frozen=True)
class Clash:
    """Two items that need the same thing at the same time."""

    thing_id: str
    item_ids: tuple[str, str]
    starts_at: datetime
    ends_at: datetime


def clashes(occupied: Iterable[Occupied]) -> list[Clash]:
    """Every double use, by thing and then by time."""
    by_thing: dict[str, list[Occupied]] = {}
    for one in occupied:
        by_thing.setdefault(one.thing_id, []).append(one)
    found = []
    for thing_id in sorted(by_thing):
        used = sorted(by_thing[thing_id], key=lambda one: (one.span.starts_at, one.item_id))
        found += [_clash(a, b) for a, b in combinations(used, 2) if in_each_others_way(a, b)]
    return found


def in_each_others_way(one: Occupied, other: Occupied) -> bool:
    """Whether two uses of one thing exclude each other."""
    if one.item_id == other.item_id or one.thing_id != other.thing_id:
        return False
    if one.block_id == other.item_id or other.block_id == one.item_id:
        return False
    return one.span.overlaps(other.span)


def _clash(one: Occupied, other: Occupied) -> Clash:
    return Clash(
        thing_id=one.thing_id,
        item_ids=(one.item_id, other.item_id),
        starts_at=max(one.span.starts_at, other.span.starts_at),
        ends_at=min(one.span.ends_at, other.span.ends_at),
    )


def who_clashes(wanted: Sequence[Occupied], taken: Sequence[Occupied]) -> list[str]:
    """The ids of items in ``taken`` that are in the way of ``wanted``, each once, in order."""
    found = {b.item_id: None for a in wanted for b in taken if in_each_others_way(a, b)}
    return list(found)
