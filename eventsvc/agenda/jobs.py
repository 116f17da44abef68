"""What the agenda does by the clock."""

from __future__ import annotations

from eventsvc.core import clock
from eventsvc.core.transactions import transaction
from eventsvc.ical.actions import remove_ended


def tidy_calendar() -> None:
    """Take cancelled items out of calendars 30 days after their end (calendar.md rule 17)."""
    with transaction() as session:
        remove_ended(session, now=clock.now(session))
