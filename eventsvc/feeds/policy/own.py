"""What a personal feed says of one item: the participant's own counter, status, time of change.

A confirmed participant's feed shows what was booked (waiting list: TENTATIVE), the departure of
the booked bus, sessions with a role of their own, and the programme that everybody attends: visible
sessions without booking that run parallel to nothing. An item the participant gave up is gone at
once; one that was cancelled by the organiser stays, as cancelled (calendar.md rules 15-18, 41).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from eventsvc.ical.policy import CANCELLED, CONFIRMED, OPAQUE, TENTATIVE

WAITING = ("waitlisted", "offered")
GIVEN_UP = "cancelled"


@dataclass(frozen=True)
class Seat:
    """One booking of an item. ``with_item``: it ended because the item was cancelled."""

    state: str
    changes: int
    changed_at: datetime
    with_item: bool = False


@dataclass(frozen=True)
class Copy:
    """What is filled into the item's stored text for one participant."""

    sequence_plus: int = 0
    stamp_at: datetime | None = None
    status: str = CONFIRMED
    transp: str = OPAQUE


def copy_of(seats: Sequence[Seat], item_status: str) -> Copy | None:
    """The participant's copy of an item from all bookings of it, oldest first; None: not shown.

    Bookings that were given up go on counting, so that SEQUENCE never falls when somebody books
    the same item again (rule 15).
    """
    standing = [seat for seat in seats if seat.state != GIVEN_UP]
    if not standing and not (item_status == CANCELLED and seats and seats[-1].with_item):
        return None
    last = standing[-1] if standing else seats[-1]
    return Copy(
        sequence_plus=sum(seat.changes for seat in seats) + len(seats) - 1,
        stamp_at=max(seat.changed_at for seat in seats),
        status=TENTATIVE if last.state in WAITING else CONFIRMED,
    )
