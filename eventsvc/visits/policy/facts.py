"""Facts and decisions of site visits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from eventsvc.facts.policy import Fact


@dataclass(frozen=True, kw_only=True)
class BusSeatsChanged(Fact):
    """Seats of a bus changed or the bus was taken out (``subject_id`` is the bus)."""

    kind: ClassVar[str] = "visit.bus-seats-changed"
    visit_id: str
    seats: int


@dataclass(frozen=True, kw_only=True)
class DeparturesChanged(Fact):
    """Stops or their times of a visit changed (``subject_id`` is the visit's item)."""

    kind: ClassVar[str] = "visit.departures-changed"


EARLIEST_DEPARTURE = timedelta(days=1)


def leaves_in_time(
    leaves_at: datetime, starts_at: datetime | None, ends_at: datetime | None
) -> bool:
    """Whether a stop lies before the visit's end and at most a day before its start.

    An untimed visit says nothing of its departures.
    """
    if starts_at is None or ends_at is None:
        return True
    return starts_at - EARLIEST_DEPARTURE <= leaves_at < ends_at
