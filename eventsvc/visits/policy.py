"""Facts and decisions of site visits."""

from __future__ import annotations

from dataclasses import dataclass
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
