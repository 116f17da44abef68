"""Reports: opened, written, checked, released."""

from eventsvc.reports.actions.opening import open_reports, open_revision
from eventsvc.reports.actions.releasing import release_due, transition
from eventsvc.reports.actions.working import claim_next, write_claimed
from eventsvc.reports.actions.writing import write

__all__ = [
    "claim_next",
    "open_reports",
    "open_revision",
    "release_due",
    "transition",
    "write",
    "write_claimed",
]
