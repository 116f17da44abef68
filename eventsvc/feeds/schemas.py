"""What the doors of personal calendars answer."""

from __future__ import annotations

from typing import Any

from eventsvc.core.text import Answer, Instant, Text
from eventsvc.feeds.models import CalendarToken

SECRET = {"secret": True, "description": "Shown only here"}


class CalendarOut(Answer):
    """A personal calendar address without its secret (calendar.md rule 30)."""

    created_at = Instant()
    last_fetch_at = Instant(allow_none=True, metadata={"description": "Noted once an hour"})
    last_client = Text(allow_none=True, metadata={"description": "The program that fetched it"})


class CalendarMade(CalendarOut):
    """A personal calendar address and links to subscribe to it, shown this once."""

    address = Text(allow_none=True, metadata=SECRET)
    webcal = Text(allow_none=True, metadata=SECRET)
    google = Text(allow_none=True, metadata=SECRET)
    outlook = Text(allow_none=True, metadata=SECRET)
    outlook_work = Text(allow_none=True, metadata=SECRET)


def shown_once(made: CalendarToken, links: dict[str, str]) -> dict[str, Any]:
    """The answer to the making of an address."""
    return {**{name: getattr(made, name) for name in CalendarOut().fields}, **links}
