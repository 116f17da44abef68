"""Who is to be told what: a fixed number of queries, whatever the size of an event."""

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

__all__ = [
    "Addressee",
    "Missing",
    "addressee",
    "addressees",
    "booked",
    "buses_of",
    "event_told_of",
    "missing",
    "told_together",
]
