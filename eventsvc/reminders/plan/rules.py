"""Rules of reminders: which there may be, and what they come to together. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from eventsvc.core.errors import FieldError, Invalid
from eventsvc.reminders.plan.due import DAY_S

PRACTICAL = "practical_information"
DAY_AHEAD = "day_ahead"
STARTING_SOON = "starting_soon"
PURPOSES = (PRACTICAL, DAY_AHEAD, STARTING_SOON)

DEFAULT_OFFSETS: Mapping[str, frozenset[int]] = {
    PRACTICAL: frozenset({7 * DAY_S}),
    DAY_AHEAD: frozenset({DAY_S}),
    STARTING_SOON: frozenset({3_600}),
}
"""Seconds before the start; ``day_ahead`` stands for 18:00 of the evening before."""

BOUNDS: Mapping[str, tuple[int, int, int]] = {
    PRACTICAL: (DAY_S, 60 * DAY_S, DAY_S),
    DAY_AHEAD: (DAY_S, DAY_S, DAY_S),
    STARTING_SOON: (300, 6 * 3_600, 60),
}
"""Purpose → least and most seconds before the start, and the step between."""
MOST_RULES = 50
_DEFAULTS = uuid.UUID("6f7a2f7e-6e0b-5a52-9d0e-2f8f5f0b7c11")


@dataclass(frozen=True)
class ItemOffsets:
    """How one session or visit differs: offsets it adds, and those it goes without."""

    added: frozenset[int] = frozenset()
    dropped: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Rules:
    """What is in force at one event: offsets by purpose, and what single items differ in."""

    offsets: Mapping[str, Collection[int]] = field(default_factory=lambda: DEFAULT_OFFSETS)
    items: Mapping[str, ItemOffsets] = field(default_factory=dict)

    @property
    def longest(self) -> int:
        """The most seconds that anything is told ahead."""
        of_items = (offset for item in self.items.values() for offset in item.added)
        return max((*(o for each in self.offsets.values() for o in each), *of_items), default=0)


def check_rule(purpose: str, offset_s: int, *, item_id: str | None) -> None:
    """Refuse a rule that no letter could keep.

    Raises:
        Invalid: an offset out of bounds, or a single item for a purpose of the whole event.
    """
    least, most, step = BOUNDS[purpose]
    errors = []
    if not least <= offset_s <= most or offset_s % step:
        detail = f"From {least} to {most} seconds, in steps of {step}"
        errors.append(FieldError("/offset_s", "out-of-range", detail))
    if item_id is not None and purpose != STARTING_SOON:
        detail = f"Only {STARTING_SOON} can be set for one item"
        errors.append(FieldError("/item_id", "not-allowed", detail))
    if errors:
        raise Invalid(errors)


def is_default(purpose: str, offset_s: int, item_id: str | None) -> bool:
    """Whether this is told unless somebody switches it off."""
    return item_id is None and offset_s in DEFAULT_OFFSETS.get(purpose, ())


def default_id(event_id: str, purpose: str, offset_s: int) -> str:
    """The id of a default as a rule of this event: the same whether or not it has a row."""
    return str(uuid.uuid5(_DEFAULTS, f"{event_id}:{purpose}:{offset_s}"))


def rules_in_force(rules: Iterable[tuple[str, str | None, int, bool]]) -> Rules:
    """What rules come to; each is (purpose, item_id, offset_s, active)."""
    of_event: list[tuple[str, int, bool]] = []
    added: dict[str, set[int]] = {}
    dropped: dict[str, set[int]] = {}
    for purpose, item_id, offset_s, active in rules:
        if item_id is None:
            of_event.append((purpose, offset_s, active))
        else:
            (added if active else dropped).setdefault(item_id, set()).add(offset_s)
    items = {
        item_id: ItemOffsets(frozenset(added.get(item_id, ())), frozenset(dropped.get(item_id, ())))
        for item_id in added.keys() | dropped.keys()
    }
    return Rules(offsets_in_force(of_event), items)


def offsets_in_force(rules: Iterable[tuple[str, int, bool]]) -> dict[str, frozenset[int]]:
    """Purpose → offsets: the defaults, those that rules add, without those they switch off.

    ``rules``: (purpose, offset_s, active).
    """
    offsets = {purpose: set(default) for purpose, default in DEFAULT_OFFSETS.items()}
    for purpose, offset_s, active in rules:
        known = offsets.setdefault(purpose, set())
        (known.add if active else known.discard)(offset_s)
    return {purpose: frozenset(known) for purpose, known in offsets.items()}
