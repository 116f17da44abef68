"""Whether there is time to get from one item of the agenda to the next (api.md §6). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from eventsvc.agenda.policy import Span

LONGEST_WAY = timedelta(hours=24)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Stay:
    """An item with its times and the places (venues or stops, by id) at one of which it begins
    and ends: the venue of a session, the stops of a visit's buses. None: nowhere, or not known."""

    item_id: str
    span: Span
    places: frozenset[str]


@dataclass(frozen=True)
class Tight:
    """Two items with too little time between them to get from one to the other."""

    first: Stay
    then: Stay
    minutes_needed: int
    minutes_missing: int


class Distances:
    """Minutes between places: both ways, unless a row is one-way; a one-way row goes first."""

    def __init__(self, rows: Iterable[tuple[str, str, int, bool]]) -> None:
        self._both: dict[tuple[str, str], int] = {}
        self._one_way: dict[tuple[str, str], int] = {}
        for start, end, minutes, one_way in rows:
            if one_way:
                self._one_way[start, end] = minutes
            else:
                self._both[start, end] = self._both[end, start] = minutes

    def __bool__(self) -> bool:
        return bool(self._both or self._one_way)

    def minutes(self, start: str, end: str) -> int | None:
        """How long the way takes; None where nothing is known of it."""
        if start == end:
            return 0
        return self._one_way.get((start, end), self._both.get((start, end)))

    def needed(self, first: Stay, then: Stay) -> int:
        """The shortest way between two items; 0 where nothing is known of one of the ways, so
        that nobody is refused for what was never entered."""
        ways = [self.minutes(start, end) for start in first.places for end in then.places]
        known = [way for way in ways if way is not None]
        return min(known) if known and len(known) == len(ways) else 0


def too_near(one: Stay, other: Stay, distances: Distances) -> Tight | None:
    """What is missing between two items of which one ends before the other begins; None: enough,
    or they overlap, which is another matter."""
    first, then = sorted((one, other), key=lambda stay: (stay.span.starts_at, stay.item_id))
    gap = then.span.starts_at - first.span.ends_at
    if first.item_id == then.item_id or gap < timedelta():
        return None
    needed = distances.needed(first, then)
    missing = -((gap - needed * MINUTE) // MINUTE)
    return Tight(first, then, needed, missing) if missing > 0 else None


def tight_pairs(stays: Iterable[Stay], distances: Distances) -> list[Tight]:
    """Every pair of these items that is too near, in order of time."""
    ordered = sorted(stays, key=lambda stay: (stay.span.starts_at, stay.item_id))
    found = []
    for number, first in enumerate(ordered):
        for then in ordered[number + 1 :]:
            if then.span.starts_at - first.span.ends_at > LONGEST_WAY:
                break
            tight = too_near(first, then, distances)
            if tight is not None:
                found.append(tight)
    return found
