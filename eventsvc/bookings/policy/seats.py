"""Seats of one session or visit as plain values (api.md §9.1, editions.md §5.17)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class BusSeats:
    """Seats of one bus and how many are taken."""

    id: str
    seats: int
    taken: int


@dataclass(frozen=True)
class Seats:
    """``capacity`` None = unlimited; ``buses`` in the order in which they fill."""

    capacity: int | None
    taken: int = 0
    waiting: int = 0
    buses: Sequence[BusSeats] = ()

    @property
    def free(self) -> int | None:
        """Seats left, never negative; None = unlimited."""
        return None if self.capacity is None else max(0, self.capacity - self.taken)

    @property
    def exceeded(self) -> bool:
        """Whether more are taken than there are, in all or on a bus."""
        over = self.capacity is not None and self.taken > self.capacity
        return over or any(bus.taken > bus.seats for bus in self.buses)

    def first_bus(self) -> str | None:
        """The first bus with a seat."""
        return next((bus.id for bus in self.buses if bus.taken < bus.seats), None)


def capacity_of(places: int | None, bus_seats: Sequence[int]) -> int | None:
    """Seats in all: the item's or room's number, and no more than its buses carry."""
    if not bus_seats:
        return places
    return sum(bus_seats) if places is None else min(places, sum(bus_seats))


def booking_open(
    *,
    event_state: str,
    item_state: str,
    bookable: bool,
    ready: bool,
    opens_at: datetime | None,
    closes_at: datetime | None,
    staff: bool,
    now: datetime,
) -> bool:
    """Whether seats can be booked now; the dates bind the guests only.

    ``ready``: a visit has its capacity and times (api.md §6); a session always is.
    """
    if not (bookable and ready) or item_state == "cancelled":
        return False
    if event_state not in ("published", "running"):
        return False
    return staff or (
        (opens_at is None or opens_at <= now) and (closes_at is None or now < closes_at)
    )


def attends(mode: str, *, item_kind: str, item_mode: str | None) -> bool:
    """Whether a guest of ``mode`` can be there: visits and on-site sessions need the body."""
    return mode != "online" or (item_kind != "visit" and item_mode != "on_site")
