"""Facts and decisions of reports."""

from eventsvc.reports.policy.bounds import ABOUT, EXACT, Bound, difference, holds, total
from eventsvc.reports.policy.cells import FEW, HELD_BACK, SHOWN, Cell, guarded
from eventsvc.reports.policy.facts import ReportReleased, ReportWritten
from eventsvc.reports.policy.metrics import (
    ADDABLE,
    COUNTERPARTS,
    DEFINITIONS,
    eu_members,
    kind_of,
)
from eventsvc.reports.policy.states import (
    ARROWS,
    CHECKED,
    DRAFT,
    ENDED,
    RELEASED,
    STATES,
    check_reportable,
    check_step,
    is_due,
    releases_itself,
)
from eventsvc.reports.policy.words import (
    LANGUAGES,
    READ_AS,
    figure_in,
    language_of,
    number_in,
)

__all__ = [
    "ABOUT",
    "ADDABLE",
    "ARROWS",
    "CHECKED",
    "COUNTERPARTS",
    "DEFINITIONS",
    "DRAFT",
    "ENDED",
    "EXACT",
    "FEW",
    "HELD_BACK",
    "LANGUAGES",
    "READ_AS",
    "RELEASED",
    "SHOWN",
    "STATES",
    "Bound",
    "Cell",
    "ReportReleased",
    "ReportWritten",
    "check_reportable",
    "check_step",
    "difference",
    "eu_members",
    "figure_in",
    "guarded",
    "holds",
    "is_due",
    "kind_of",
    "language_of",
    "number_in",
    "releases_itself",
    "total",
]
