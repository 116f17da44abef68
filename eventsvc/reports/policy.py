"""Facts and decisions of reports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from eventsvc.facts.policy import Fact


@dataclass(frozen=True, kw_only=True)
class ReportWritten(Fact):
    """A report revision was frozen (``subject_id`` is the report)."""

    kind: ClassVar[str] = "report.written"
    revision: int
