"""A synthetic edition, and what its guests and its organiser see of it over HTTP."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from math import ceil
from typing import Any

from icalendar import Calendar

from tests.journeys.caller import Caller
from tests.journeys.homes import Home

REPORT_TO = "report@example.org"
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Scene:
    """A published online edition with one bookable workshop, seen by its organiser."""

    organiser: Caller
    event_id: str
    workshop_id: str

    @property
    def path(self) -> str:
        """Where the edition is."""
        return f"/api/v1/events/{self.event_id}"

    def event(self) -> Any:
        """The edition as it is now."""
        return self.organiser.get(self.path)

    def messages(self, query: str) -> list[Any]:
        """What was queued, as the organiser sees it, oldest first."""
        listed = self.organiser.get(f"{self.path}/messages?{query}&sort=created_at&limit=200")
        items: list[Any] = listed["items"]
        return items

    def waiting(self) -> list[Any]:
        """What is still to be sent."""
        return self.messages("state=pending&state=claimed&state=sending")

    def reminders(self) -> list[Any]:
        """The one-hour reminders of the whole edition."""
        soon = self.messages("purpose=starting_soon")
        return [message for message in soon if message["subject_id"] == self.event_id]

    def registrations(self) -> list[Any]:
        """Everybody registered."""
        items: list[Any] = self.organiser.get(f"{self.path}/registrations?limit=200")["items"]
        return items

    def until(self, instant: str) -> timedelta:
        """How long until that instant, in whole seconds: what is stored keeps none smaller."""
        left = datetime.fromisoformat(instant) - datetime.now(UTC)
        return timedelta(seconds=ceil(left.total_seconds()))


def morning_zone() -> str:
    """A zone where it is nine in the morning: whatever the hour, nothing meets an evening."""
    ahead = 9 - datetime.now(UTC).hour
    ahead += 24 if ahead < -12 else 0
    return f"Etc/GMT{-ahead:+d}" if ahead else "UTC"  # the names count westwards


def published_edition(home: Home, *, starts_in: timedelta = 4 * HOUR, **changes: Any) -> Scene:
    """A synthetic edition of four hours, published, with a workshop in its third."""
    organiser, zone = home.organiser, morning_zone()
    owner = {"slug": "example-events", "name": "Example Events", "email": "events@example.org"}
    owner_id = organiser.post("/api/v1/organisers", owner | {"timezone": zone})["id"]
    series = {"slug": "made-up", "name": "Made-up meetings", "organiser_id": owner_id}
    series_id = organiser.post("/api/v1/series", series)["id"]
    starts = datetime.now(UTC).replace(second=0, microsecond=0) + starts_in
    edition = {
        "slug": "first",
        "title": "First made-up meeting",
        "mode": "online",
        "timezone": zone,
        "starts_at": starts.isoformat(),
        "ends_at": (starts + 4 * HOUR).isoformat(),
        "report_list": [REPORT_TO],
    }
    event_id = organiser.post(f"/api/v1/series/{series_id}/events", edition | changes)["id"]
    workshop = {
        "type": "workshop",
        "title": "Made-up workshop",
        "bookable": True,
        "capacity": 20,
        "starts_at": (starts + 2 * HOUR).isoformat(),
        "ends_at": (starts + 3 * HOUR).isoformat(),
    }
    workshop_id = organiser.post(f"/api/v1/events/{event_id}/sessions", workshop)["id"]
    organiser.post(f"/api/v1/events/{event_id}/transitions", {"to": "published"}, status=200)
    return Scene(organiser, event_id, workshop_id)


def text_of(message: EmailMessage) -> str:
    """The plain part of a mail."""
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link_in(message: EmailMessage) -> str:
    """The token of the private link in a mail."""
    found = re.search(r"/r#(evl_\S+)", text_of(message))
    assert found is not None, text_of(message)
    return found[1]


def calendar_in(message: EmailMessage) -> str:
    """The address of the personal calendar in a confirmation."""
    found = re.search(r"http\S+/my/calendar/evc_\S+\.ics", text_of(message))
    assert found is not None, text_of(message)
    return found[0]


def shown_in(reply_text: str) -> dict[str, Any]:
    """Title → VEVENT of a calendar."""
    events = Calendar.from_ical(reply_text).walk("VEVENT")
    return {str(event["SUMMARY"]): event for event in events}
