"""Reports: opened, written, checked, released."""

from eventsvc.reports.actions.opening import open_reports, open_revision
from eventsvc.reports.actions.releasing import release_due, transition
from eventsvc.reports.actions.working import Claimed, claim_next, put_off, write_claimed
from eventsvc.reports.actions.writing import write

__all__ = [
    "Claimed",
    "claim_next",
    "open_reports",
    "open_revision",
    "put_off",
    "release_due",
    "transition",
    "write",
    "write_claimed",
]
