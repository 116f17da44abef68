"""The synthetic editions that are measured: agendas through the verbs of the house, crowds as rows.

Nobody in them exists.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import create_engine, insert, make_url, text
from sqlalchemy.orm import Session

from bench import bare
from bench.servers import SECRET
from eventsvc.accounts import actions as accounts
from eventsvc.agenda import actions as agenda
from eventsvc.app import create_app
from eventsvc.core import clock
from eventsvc.core.config import Settings
from eventsvc.core.db import Base, db
from eventsvc.core.ids import new_id
from eventsvc.core.rights import Actor, system
from eventsvc.core.text import email_key
from eventsvc.core.transactions import transaction
from eventsvc.events import actions as events
from eventsvc.events.models import Event
from eventsvc.mail.models import Contact
from eventsvc.registration.models import Participant, Registration

SERIES = "bench-series"
EDITION: dict[str, Any] = {
    "synthetic": True,
    "city": "Vienna",
    "country": "AT",
    "timezone": "Europe/Vienna",
    "email_proof": False,
}
SLOTS = 10
SLOT = timedelta(minutes=45)
ABSTRACT = (
    "Partners from several regions show what they built together, what it cost and what they "
    "would do otherwise. Bring a question of your own: half of the time is for discussion."
)


@dataclass(frozen=True)
class Edition:
    """An edition to be measured."""

    id: str
    slug: str
    items: int
    guests: int

    @property
    def calendar(self) -> str:
        """The path of its public calendar."""
        return f"/calendars/{SERIES}/{self.slug}.ics"

    @property
    def path(self) -> str:
        """Its path in the organiser's API."""
        return f"/api/v1/events/{self.id}"

    @property
    def page(self) -> str:
        """The path of its public page."""
        return f"/api/v1/public/events/{SERIES}/{self.slug}"


@dataclass(frozen=True)
class Owner:
    """Whose editions these are, and who enters them."""

    actor: Actor
    organiser_id: str
    series_id: str


@dataclass(frozen=True)
class Prepared:
    """A prepared database."""

    url: str
    token: str
    small: Edition
    large: Edition
    crowded: Edition


@contextmanager
def database(kind: str, folder: Path, server_url: str) -> Iterator[str]:
    """A throw-away database; ``kind``: ``sqlite`` or ``postgresql``."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'bench.db'}"
        return
    name = f"bench_{new_id().replace('-', '')}"
    _admin(server_url, f'CREATE DATABASE "{name}"')
    try:
        yield make_url(server_url).set(database=name).render_as_string(hide_password=False)
    finally:
        _admin(server_url, f'DROP DATABASE "{name}" WITH (FORCE)')


def _admin(server_url: str, statement: str) -> None:
    engine = create_engine(server_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@contextmanager
def application(folder: Path, url: str, **changes: Any) -> Iterator[Flask]:
    """The service's application in this process, on ``url``, inside its context."""
    values: dict[str, Any] = {
        "environment": "test",
        "database_url": url,
        "data_dir": folder,
        "mail_url": f"file://{folder / 'mailbox'}",
        "base_url": "http://127.0.0.1",
        "secret_key": SECRET,
        "ratelimit_enabled": False,
        "log_level": "WARNING",
    }
    app = create_app(Settings(**(values | changes)))
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


def prepare(folder: Path, url: str, *, items: int, many_items: int, guests: int) -> Prepared:
    """Make tables, a token and three editions; the crowded one has ``guests`` registrations."""
    with application(folder, url):
        Base.metadata.create_all(db.engine)
        bare.make_table(url)
        with transaction() as session:
            owner, token = _owner(session, system("bench"))
        small = _edition(owner, "bench-small", items)
        large = _edition(owner, "bench-large", many_items)
        crowded = _edition(owner, "bench-crowded", 1, guests=guests)
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
        return Prepared(url, token, small, large, crowded)


def _owner(session: Session, actor: Actor) -> tuple[Owner, str]:
    now = clock.now(session)
    values = {"slug": "bench", "name": "Bench Events", "email": "events@example.org"}
    organiser = accounts.add_organiser(session, actor, values, now=now)
    told: dict[str, Any] = {
        "name": "bench",
        "role": "organiser-admin",
        "organiser_id": organiser.id,
    }
    _, token = accounts.create_token(session, actor, **told, now=now)
    series = {"name": "Bench Series", "slug": SERIES}
    made = events.add_series(session, actor, organiser.id, series, now=now)
    return Owner(actor, organiser.id, made.id), token


def _edition(owner: Owner, slug: str, items: int, *, guests: int = 0) -> Edition:
    rooms = max(1, -(-items // (SLOTS * 4)))
    days = -(-items // (SLOTS * rooms))
    with transaction() as session:
        now = clock.now(session)
        opens = (now + timedelta(days=30)).replace(hour=7, minute=0, second=0, microsecond=0)
        closes = opens + timedelta(days=days - 1, hours=10)
        values = {**EDITION, "title": f"Synthetic edition {slug}", "slug": slug}
        values |= {"series_id": owner.series_id, "starts_at": opens, "ends_at": closes}
        event = events.add_event(session, owner.actor, owner.organiser_id, values, now=now)
        halls = [_room(session, owner, event, number, now=now) for number in range(rooms)]
        for number in range(items):
            day, slot = divmod(number // rooms, SLOTS)
            starts = opens + timedelta(days=day) + slot * SLOT
            where_and_when = {"room_id": halls[number % rooms], "starts_at": starts}
            _item(session, owner, event, number, where_and_when, now=now)
        events.transition(session, owner.actor, event, "published", now=now)
        edition = Edition(event.id, slug, items, guests)
    with transaction() as session:
        _crowd(session, owner.organiser_id, edition)
    return edition


def _room(session: Session, owner: Owner, event: Event, number: int, *, now: datetime) -> str:
    values = {"name": f"Hall {number + 1}"}
    room = agenda.add_room(session, owner.actor, event, values, now=now)
    return room.id


def _item(
    session: Session,
    owner: Owner,
    event: Event,
    number: int,
    values: dict[str, Any],
    *,
    now: datetime,
) -> None:
    title = f"Synthetic session {number + 1}: what partners of two regions built together"
    told = {**values, "title": title, "type": "workshop", "abstract": ABSTRACT}
    told["ends_at"] = values["starts_at"] + SLOT
    item = agenda.add_session(session, owner.actor, event, told, now=now)
    speaker = {"name": f"Robin Example {number + 1}", "role": "speaker"}
    agenda.add_speaker(session, owner.actor, event, item, speaker, now=now)


def _crowd(session: Session, organiser_id: str, edition: Edition) -> None:
    """Confirmed registrations, written as rows: thousands through the verb would take minutes."""
    if not edition.guests:
        return
    now = clock.now(session)
    contacts, participants, registrations = [], [], []
    for number in range(1, edition.guests + 1):
        name, email = f"Kim Example {number:05}", f"kim{number:05}@example.org"
        contact: dict[str, Any] = {
            "id": new_id(),
            "email": email,
            "email_key": email_key(email),
            "name": name,
        }
        contacts.append({**contact, "locale": "en", "created_at": now})
        participant: dict[str, Any] = {
            "id": new_id(),
            "event_id": edition.id,
            "contact_id": contact["id"],
        }
        participant |= {"name": name, "country": "AT", "synthetic": True}
        participants.append({**participant, "created_at": now, "revised_at": now})
        told: dict[str, Any] = {
            "id": new_id(),
            "organiser_id": organiser_id,
            "event_id": edition.id,
        }
        told |= {"participant_id": participant["id"], "code": f"K{number:05}", "email": email}
        told |= {"email_key": email_key(email), "state": "confirmed", "sequence": number}
        told |= {"source": "staff", "created_at": now, "confirmed_at": now}
        registrations.append(told)
    session.execute(insert(Contact), contacts)
    session.execute(insert(Participant), participants)
    session.execute(insert(Registration), registrations)
