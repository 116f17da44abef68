"""Digests of programme changes: who hears, when one is sealed, what is left of it; pure.

delivery.md §4, editions.md §7.21.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

NOBODY, HIT, ALL = "nobody", "hit", "all"
QUIET_BEFORE = timedelta(days=14)
"""Until so long before the start nobody is told of a change, unless the organiser says so."""
AT_ONCE = timedelta(hours=3)
"""A change of something that starts within this time is told at once."""

ADDED, CANCELLED, TIME = "added", "cancelled", "time"
KINDS = (ADDED, CANCELLED, "title", "room", TIME, "mode")
TOLD_BY_LETTER = frozenset({CANCELLED, TIME})
"""Whoever has a seat in the item has a letter of its own about these."""


@dataclass(frozen=True)
class Change:
    """One thing that changed of one item; ``old`` and ``new`` are JSON values."""

    item_id: str
    kind: str
    old: Any
    new: Any
    whom: str = HIT


def whom_to_tell(
    said: str | None, default: str | None, starts_at: datetime | None, now: datetime
) -> str:
    """``nobody``, ``hit`` or ``all``: what the editor said, else the event's own default, else
    nobody until 14 days before the start and then those hit."""
    if said or default:
        return str(said or default)
    near = starts_at is not None and now >= starts_at - QUIET_BEFORE
    return HIT if near else NOBODY


def seal_at(
    opened_at: datetime,
    now: datetime,
    *,
    quiet: timedelta,
    longest: timedelta,
    starts: Iterable[datetime],
) -> datetime:
    """When a digest with a change at ``now`` is sealed; ``starts``: of what changed, old and new.

    ``quiet`` after the last change, at most ``longest`` after the first, at once when something
    that changed starts within three hours.
    """
    if any(now <= start <= now + AT_ONCE for start in starts):
        return now
    return min(now + quiet, opened_at + longest)


def folded(changes: Sequence[Change]) -> list[Change]:
    """What is left of ``changes`` (in order of time): one per item and kind, from the first old
    value to the last new one. What was undone is gone, and so is what was added and called off;
    of an item that is new, nothing else is told."""
    first: dict[tuple[str, str], Change] = {}
    for change in changes:
        key = change.item_id, change.kind
        known = first.get(key)
        whom = ALL if known is not None and ALL in {known.whom, change.whom} else change.whom
        old = change.old if known is None else known.old
        first[key] = replace(change, old=old, whom=whom)
    left = [change for change in first.values() if change.old != change.new]
    added = {change.item_id for change in left if change.kind == ADDED}
    off = {change.item_id for change in left if change.kind == CANCELLED and change.new}
    return [
        change
        for change in left
        if not (change.item_id in added and (change.kind != ADDED or change.item_id in off))
        and not (change.item_id in off and change.kind != CANCELLED)
    ]


def hits_with_seat(kinds: Iterable[str]) -> bool:
    """Whether who has a seat in an item hears of these kinds of change by the digest."""
    return not set(kinds) <= TOLD_BY_LETTER
