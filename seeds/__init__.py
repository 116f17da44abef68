"""The real editions of the source documents, and a synthetic coming edition.

Everything goes in through the verbs of the rooms, in one transaction each, and what is there
already is left as it is: loading twice changes nothing, an interrupted load leaves nothing.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from eventsvc.accounts import actions as accounts
from eventsvc.accounts import queries
from eventsvc.core import clock
from eventsvc.core.config import Settings
from eventsvc.core.rights import system
from eventsvc.core.transactions import transaction
from eventsvc.directory.queries import organisations_of, persons_of
from eventsvc.events.queries import events_of, series_of
from eventsvc.feeds.actions import calendar_token
from eventsvc.registration.queries import registrations
from seeds.directory import load_organisations
from seeds.editions import Archive
from seeds.synthetic import SLUG, load_synthetic

ORGANISER = {
    "slug": "eccp",
    "name": "European Cluster Collaboration Platform",
    "email": "events@example.org",
    "language": "en",
    "timezone": "Europe/Brussels",
}
ACTOR = system("seeds")


def is_empty(session: Session) -> bool:
    """Whether nobody has put an organiser into this database yet."""
    return session.scalars(queries.organisers_of(ACTOR)).first() is None


def load(*, synthetic: bool) -> dict[str, int]:
    """Load the archive and, if wanted, the synthetic edition; what there is then, by name."""
    with transaction() as session:
        now = clock.now(session)
        organiser_id = _organiser_id(session)
        organisations = load_organisations(session, ACTOR, organiser_id, now=now)
        Archive(session, ACTOR, organiser_id, organisations, now=now).load()
    if synthetic:
        with transaction() as session:
            load_synthetic(session, ACTOR, organiser_id, now=clock.now(session))
    with transaction(write=False) as session:
        return _counts(session, organiser_id)


def _organiser_id(session: Session) -> str:
    for organiser in session.scalars(queries.organisers_of(ACTOR)):
        if organiser.slug == ORGANISER["slug"]:
            return organiser.id
    return accounts.add_organiser(session, ACTOR, dict(ORGANISER), now=clock.now(session)).id


def _counts(session: Session, organiser_id: str) -> dict[str, int]:
    listed = {
        "series": series_of(ACTOR),
        "events": events_of(ACTOR),
        "organisations and initiatives": organisations_of(organiser_id),
        "persons": persons_of(organiser_id),
    }
    return {name: len(session.scalars(rows).all()) for name, rows in listed.items()}


def tour(session: Session, settings: Settings) -> list[str]:
    """Calendar addresses worth a first look: a series, an edition, a synthetic guest's own."""
    base = settings.base_url
    addresses = [f"{base}/calendars/ecc.ics", f"{base}/calendars/-/{SLUG}.ics"]
    coming = next((row for row in session.scalars(events_of(ACTOR)) if row.slug == SLUG), None)
    if coming is None:
        return addresses
    guests = session.scalars(registrations(coming.id))
    guest = next((row for row in guests if row.state == "confirmed"), None)
    if guest is not None:
        token = calendar_token(
            session,
            guest.participant_id,
            coming.id,
            secret=settings.secret_key,
            now=clock.now(session),
        )
        addresses.append(f"{base}/my/calendar/{token}.ics")
    return addresses
