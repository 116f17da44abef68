"""A synthetic coming edition, dated relative to the day it is made and marked as synthetic.

Nobody in it exists: every family name means "example" in some language, every address ends in
``example.org``. It has more guests than places and more wishes than workshop seats, so that
waiting lists, reminders and calendars can be seen working.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import cycle
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from eventsvc.agenda import actions as agenda
from eventsvc.bookings import actions as bookings
from eventsvc.core.rights import Actor
from eventsvc.events import actions, queries
from eventsvc.registration import actions as registration
from eventsvc.visits import actions as visits

SLUG = "synthetic-coming-edition"
ZONE = ZoneInfo("Europe/Brussels")
PLACES = 100
GUESTS = 120
SOON = timedelta(minutes=5)
WORKSHOP_SEATS = 30

GIVEN = (
    "Ada",
    "Bao",
    "Chiara",
    "Dov",
    "Elif",
    "Finn",
    "Greta",
    "Hugo",
    "Inès",
    "Jan",
    "Kaja",
    "Luc",
)
FAMILY = (
    ("Beispiel", "DE", "de"),
    ("Exemple", "FR", "fr"),
    ("Esempio", "IT", "en"),
    ("Ejemplo", "ES", "en"),
    ("Przykład", "PL", "en"),
    ("Voorbeeld", "NL", "en"),
    ("Příklad", "CZ", "en"),
    ("Esimerkki", "FI", "en"),
    ("Näide", "EE", "en"),
    ("Pavyzdys", "LT", "en"),
)
WORKSHOPS = ("Hydrogen valleys", "Skills for clusters", "Finance for first factories")


def load_synthetic(session: Session, actor: Actor, organiser_id: str, *, now: datetime) -> int:
    """Make the edition if it is not there; returns how many guests it has."""
    if any(row.slug == SLUG for row in session.scalars(queries.events_of(actor))):
        return 0
    opening = _opening(now)
    event = _edition(session, actor, organiser_id, opening, now=now)
    workshops = _day_one(session, actor, event, opening, now=now)
    trips = _day_two(session, actor, event, opening, now=now)
    actions.transition(session, actor, event, "published", now=now)
    _guests(session, actor, event, workshops, trips, now=now)
    return GUESTS


def _opening(now: datetime) -> datetime:
    """In seven days and a few minutes, so that the first reminder is due at once by daylight;
    else at nine the next morning."""
    local = (now + timedelta(days=7) + SOON).astimezone(ZONE)
    rounded = local.replace(second=0, microsecond=0) + timedelta(minutes=5 - local.minute % 5)
    if 8 <= rounded.hour < 16:
        return rounded
    day = rounded if rounded.hour < 8 else rounded + timedelta(days=1)
    return day.replace(hour=9, minute=0)


def _edition(
    session: Session, actor: Actor, organiser_id: str, opening: datetime, *, now: datetime
) -> Any:
    closing = (opening + timedelta(days=1)).replace(hour=17, minute=0)
    values = {
        "slug": SLUG,
        "title": "Clusters meet Regions: synthetic coming edition",
        "title_printed": False,
        "theme": "A made-up edition to try the service with; nobody in it exists",
        "theme_printed": False,
        "synthetic": True,
        "city": "Brussels",
        "country": "BE",
        "mode": "on_site",
        "languages": ["en", "de", "fr"],
        "date_precision": "day",
        "timezone": ZONE.key,
        "starts_at": opening,
        "ends_at": closing,
        "capacity": PLACES,
        "registration_opens_at": now,
        "report_list": ["report@example.org"],
    }
    return actions.add_event(session, actor, organiser_id, values, now=now)


def _day_one(
    session: Session, actor: Actor, event: Any, opening: datetime, *, now: datetime
) -> list[Any]:
    told = (session, actor, event)
    place = {"name": "Example Hall", "street": "Example Street 1", "city": "Brussels"}
    venue = actions.add_venue(*told, {**place, "country": "BE"}, now=now)
    hall = {"name": "Great Hall", "venue_id": venue.id, "capacity": 300, "accessible": True}
    room = agenda.add_room(*told, hall, now=now)
    plenary = {
        "type": "plenary",
        "title": "Opening and welcome by the host region",
        "room_id": room.id,
        "starts_at": opening,
        "ends_at": opening + timedelta(hours=1),
    }
    agenda.add_session(*told, plenary, now=now)
    workshops = []
    starts = opening + timedelta(minutes=75)
    for number, title in enumerate(WORKSHOPS, start=1):
        values = {"name": f"Room {number}", "venue_id": venue.id, "capacity": WORKSHOP_SEATS}
        small = agenda.add_room(*told, values, now=now)
        workshop = {
            "type": "workshop",
            "title": title,
            "room_id": small.id,
            "parallel_group": "workshops",
            "bookable": True,
            "starts_at": starts,
            "ends_at": starts + timedelta(minutes=90),
        }
        workshops.append(agenda.add_session(*told, workshop, now=now))
    return workshops


def _day_two(
    session: Session, actor: Actor, event: Any, opening: datetime, *, now: datetime
) -> list[Any]:
    told = (session, actor, event)
    leaves = (opening + timedelta(days=1)).replace(hour=9, minute=0)
    trips = []
    for title, seats in (("Synthetic steel works", (25, 20)), ("Synthetic test field", (30,))):
        values = {
            "type": "site_visit",
            "title": title,
            "bookable": True,
            "capacity": sum(seats),
            "place": "Example Works",
            "place_country": "BE",
            "meeting_point": "Main entrance of Example Hall",
            "starts_at": leaves,
            "ends_at": leaves + timedelta(hours=4),
        }
        visit = visits.add_visit(*told, values, now=now)
        for number, places in enumerate(seats, start=1):
            bus = visits.add_bus(*told, visit, {"name": f"Bus {number}", "seats": places}, now=now)
            stop = {"place": "Main entrance of Example Hall", "leaves_at": leaves}
            visits.add_stop(*told, bus, stop, now=now)
        trips.append(visit)
    return trips


def _guests(
    session: Session,
    actor: Actor,
    event: Any,
    workshops: list[Any],
    trips: list[Any],
    *,
    now: datetime,
) -> None:
    families, wishes, tours = cycle(FAMILY), cycle(workshops), cycle(trips)
    for number in range(1, GUESTS + 1):
        family, country, language = next(families)
        values = {
            "name": f"{GIVEN[number % len(GIVEN)]} {family}",
            "email": f"guest-{number:03d}@example.org",
            "organisation": f"Synthetic Cluster {number % 40 + 1}",
            "country": country,
            "language": language,
            "mode": "on_site",
            "synthetic": True,
        }
        guest = registration.register(session, actor, event.id, values, now=now)
        if guest.state != "confirmed":
            continue
        bookings.book(session, actor, event.id, next(wishes).id, guest.id, now=now)
        if number % 10 != 0:
            bookings.book(session, actor, event.id, next(tours).id, guest.id, now=now)
