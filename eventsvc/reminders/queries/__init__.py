"""Who is to be told what: a fixed number of queries, whatever the size of an event."""

from eventsvc.reminders.queries.announcements import (
    ANNOUNCEMENT_SORTS,
    announcement_for,
    announcements_found,
    announcements_on_their_way,
    items_not_of,
    languages_of,
    next_to_end,
    next_to_queue,
    people_of,
    states_of_batches,
)
from eventsvc.reminders.queries.audience import (
    Addressee,
    addressee,
    addressees,
    booked,
    buses_of,
    event_told_of,
    told_together,
)
from eventsvc.reminders.queries.missing import Missing, missing
from eventsvc.reminders.queries.previews import reminders_preview
from eventsvc.reminders.queries.rules import rule_for, rule_like, rules_of, rules_shown

__all__ = [
    "ANNOUNCEMENT_SORTS",
    "Addressee",
    "Missing",
    "addressee",
    "addressees",
    "announcement_for",
    "announcements_found",
    "announcements_on_their_way",
    "booked",
    "buses_of",
    "event_told_of",
    "items_not_of",
    "languages_of",
    "missing",
    "next_to_end",
    "next_to_queue",
    "people_of",
    "reminders_preview",
    "rule_for",
    "rule_like",
    "rules_of",
    "rules_shown",
    "states_of_batches",
    "told_together",
]
