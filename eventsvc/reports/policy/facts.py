"""What happens to reports, told in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from eventsvc.facts.policy import Fact


@dataclass(frozen=True, kw_only=True)
class ReportWritten(Fact):
    """A report revision was frozen (``subject_id`` is the report)."""

    kind: ClassVar[str] = "report.written"
    revision: int


@dataclass(frozen=True, kw_only=True)
class ReportReleased(Fact):
    """A report revision may be shown to hosts, funders and attendees (editions.md §10).

    ``by_itself``: the waiting time was over, nobody released it by hand.
    """

    kind: ClassVar[str] = "report.released"
    revision: int
    by_itself: bool
