"""Questions for reports."""

from eventsvc.reports.queries.counts import counted
from eventsvc.reports.queries.editions import next_edition, series_so_far, trends
from eventsvc.reports.queries.glance import Glance, glance_in
from eventsvc.reports.queries.preview import (
    attendance_figures,
    figures_now,
    registration_figures,
    session_figures,
    visit_figures,
)
from eventsvc.reports.queries.rows import (
    KIND,
    due_to_open,
    file_of,
    last_snapshot,
    next_revision,
    revision_for,
    revisions_of,
    unreleased,
)
from eventsvc.reports.queries.surroundings import facts, named_at, programme_of, stated

__all__ = [
    "KIND",
    "Glance",
    "attendance_figures",
    "counted",
    "due_to_open",
    "facts",
    "figures_now",
    "file_of",
    "glance_in",
    "last_snapshot",
    "named_at",
    "next_edition",
    "next_revision",
    "programme_of",
    "registration_figures",
    "revision_for",
    "revisions_of",
    "series_so_far",
    "session_figures",
    "stated",
    "trends",
    "unreleased",
    "visit_figures",
]
