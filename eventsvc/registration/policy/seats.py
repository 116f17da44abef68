"""Who gets a place: capacities, modes, pools and queues as plain values (api.md §9).

A *queue* is (mode, pool): one waiting list per mode, and inside it one per pool that still keeps
its seats. Pools keep seats on site; somebody online, or of a released pool, is in the open queue.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

MODES = ("on_site", "online")
HOLDING = ("confirmed", "offered", "attended", "no_show")
"""The states that hold a place; ``pending`` and ``waitlisted`` hold none (api.md §9.1)."""

Queue = tuple[str, str | None]


@dataclass(frozen=True)
class Places:
    """The places of one event and who holds or waits for them; None = unlimited.

    ``pools``: seats kept by the pools that are not released. ``taken`` and ``waiting`` count by
    queue; ``waiting`` counts only those that can be promoted.
    """

    capacity: int | None = None
    by_mode: Mapping[str, int | None] = field(default_factory=dict)
    pools: Mapping[str, int] = field(default_factory=dict)
    taken: Mapping[Queue, int] = field(default_factory=dict)
    waiting: Mapping[Queue, int] = field(default_factory=dict)

    def held(self, *, mode: str | None = None, pool: str | None = None) -> int:
        """Places held in all, in a mode, or of a pool."""
        return sum(
            count
            for queue, count in self.taken.items()
            if mode in (None, queue[0]) and pool in (None, queue[1])
        )


def queue_of(mode: str, pool_id: str | None, pools: Mapping[str, int]) -> Queue:
    """The queue somebody belongs to."""
    return (mode, pool_id if mode == "on_site" and pool_id in pools else None)


def free_places(places: Places, queue: Queue) -> int | None:
    """Places left for ``queue``; None = unlimited, never negative.

    Everybody needs room in the event and in the mode. A member of a pool needs a seat of the
    pool; all others must leave what the pools still keep.
    """
    mode, pool = queue
    kept = sum(max(0, seats - places.held(pool=one)) for one, seats in places.pools.items())
    limits = [_left(places.capacity, places.held())]
    mode_left = _left(places.by_mode.get(mode), places.held(mode=mode))
    if pool is not None:
        limits += [mode_left, places.pools[pool] - places.held(pool=pool)]
    else:
        limits = [_less(limits[0], kept), _less(mode_left, kept if mode == "on_site" else 0)]
    known = [limit for limit in limits if limit is not None]
    return max(0, min(known)) if known else None


def _left(capacity: int | None, held: int) -> int | None:
    return None if capacity is None else capacity - held


def _less(limit: int | None, kept: int) -> int | None:
    return None if limit is None else limit - kept


def open_queues(places: Places) -> list[Queue]:
    """The queues in which somebody waits and a place is free."""
    return [
        queue
        for queue, count in places.waiting.items()
        if count and free_places(places, queue) != 0
    ]


def ahead_of(places: Places, queue: Queue) -> int:
    """How many stand before a newcomer: the own queue, and others whose first could be placed."""
    return places.waiting.get(queue, 0) + sum(
        places.waiting[other] for other in open_queues(places) if other != queue
    )


def waiting_in_mode(places: Places, mode: str) -> int:
    """How many wait in the list of a mode, all pools together."""
    return sum(count for queue, count in places.waiting.items() if queue[0] == mode)


def decide_seat(
    *, free: int | None, ahead: int, waiting: int, waiting_list: bool, limit: int | None
) -> str:
    """``confirmed``, ``waitlisted`` or ``sold-out`` for a newcomer (api.md §9.3, §9.5).

    Args:
        free: places left, None = unlimited.
        ahead: how many wait who may not be overtaken.
        waiting: length of the list that the newcomer would join.
        waiting_list: whether there is one.
        limit: its longest length, None = unlimited.
    """
    if ahead == 0 and (free is None or free > 0):
        return "confirmed"
    if not waiting_list or (limit is not None and waiting >= limit):
        return "sold-out"
    return "waitlisted"


def breaches(places: Places) -> Sequence[str]:
    """The limits that are exceeded: ``event``, a mode, or ``pool:<id>`` (api.md §9.4)."""
    found = []
    if places.capacity is not None and places.held() > places.capacity:
        found.append("event")
    for mode, capacity in places.by_mode.items():
        if capacity is not None and places.held(mode=mode) > capacity:
            found.append(mode)
    found += [f"pool:{p}" for p, seats in places.pools.items() if places.held(pool=p) > seats]
    return found
