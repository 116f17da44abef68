"""The two items and the header of calendar.md §10, as values, for the tests of this room."""

from __future__ import annotations

from datetime import UTC, datetime

from eventsvc.ical.policy import CalendarItem, FeedHeader, Stamp

wall = datetime.fromisoformat  # a wall time without zone

PUBLISHED = datetime(2026, 9, 1, 7, tzinfo=UTC)

KEYNOTE = CalendarItem(
    uid="1c2d3e4f-5a6b-4c7d-8e9f-0a1b2c3d4e02",
    starts=wall("2027-03-10T09:00"),
    ends=wall("2027-03-10T10:30"),
    zone="Europe/Berlin",
    summary="Eröffnung & Keynote: „Größere Flüsse, kleinere Städte“ 🌊 – Prof. Žofie Šťastná",
    url="https://events.example.org/e/iwrc-2027/s/key",
    organizer_name="IWRC 2027",
    organizer_email="events@example.org",
    location="Saal 1, Congress Center Leipzig, Seehausener Allee 1, 04356 Leipzig, Germany",
    geo=(51.3969, 12.4036),
    description="Hochwasser; mit Diskussion. Deutsch, englisch gedolmetscht.",
    categories=("Keynote", "Hydrologie, Modelle"),
)
KEYNOTE_STAMP = Stamp(0, PUBLISHED, datetime(2026, 10, 20, 8, 15, tzinfo=UTC))

BARRIER = CalendarItem(
    uid="3e4f5061-7c8d-4e9f-8a1b-2c3d4e5f6a04",
    starts=wall("2027-03-28T10:00"),
    ends=wall("2027-03-28T15:00"),
    zone="Europe/Berlin",
    summary="Site visit: Elbe flood barrier",
    status="CANCELLED",
    url="https://events.example.org/e/iwrc-2027/s/elbe",
    organizer_name="IWRC 2027",
    organizer_email="events@example.org",
    location="Bus stop P3, Congress Center Leipzig, Leipzig, Germany",
    categories=("Site visit",),
)
BARRIER_STAMP = Stamp(2, PUBLISHED, datetime(2026, 11, 5, 12, tzinfo=UTC))

HEADER = FeedHeader(
    name="IWRC 2027 Agenda",
    description="Full agenda, all tracks",
    zone="Europe/Berlin",
    changed=datetime(2026, 11, 5, 12, tzinfo=UTC),
    url="https://events.example.org/e/iwrc-2027",
    source="https://events.example.org/e/iwrc-2027/agenda.ics",
    prodid="-//Example Events//Conference Agenda 1//EN",
)
