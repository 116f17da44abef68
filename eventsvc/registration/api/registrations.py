"""Doors: registrations for staff, the public, and the private link."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from eventsvc.core import clock, config
from eventsvc.core.http import LINK, Door, actor, expect, needs
from eventsvc.core.pages import Page, page
from eventsvc.events import queries as events
from eventsvc.events.models import Series
from eventsvc.registration import actions, queries, schemas
from eventsvc.registration.models import Participant, Registration

door = Door(
    "registrations",
    __name__,
    url_prefix="/api/v1/events/<event_id>",
    description="Guests of an event, their places and the waiting list",
)
public_door = Door(
    "public-registrations",
    __name__,
    url_prefix="/api/v1/public/events/<series_slug>/<event_slug>",
    description="Registration by the public",
)
my_door = Door(
    "my-registration",
    __name__,
    url_prefix="/api/v1/my/registration",
    description="The guest's own registration, by private link",
)

SORTS = {
    "name": Participant.name,
    "created_at": Registration.created_at,
    "sequence": Registration.sequence,
    "code": Registration.code,
}


def _one(session: Session, registration: Registration) -> Any:
    managed = actor().manages or actor().kind == "link"
    position = queries.positions(session, registration.event_id, [registration])
    return schemas.shown(registration, position.get(registration.id), managed=managed)


def _own(session: Session, registration: Registration) -> Any:
    event = events.event_for(session, actor(), registration.event_id)
    series = session.get(Series, event.series_id) if event.series_id else None
    row = _one(session, registration)
    return schemas.own(row, registration, event, series.slug if series else None)


def _many(session: Session, event_id: str, found: Page) -> Page:
    position = queries.positions(session, event_id, found.items)
    managed = actor().manages
    items = [schemas.shown(row, position.get(row.id), managed=managed) for row in found.items]
    return Page(items, found.next_cursor, found.total)


@door.get("/registrations")
@needs("registrations:read", gate="event")
@door.query(schemas.RegistrationsQuery)
@door.lists(schemas.RegistrationOut, sort=tuple(SORTS))
def list_registrations(session: Session, query: dict[str, Any], event_id: str) -> Page:
    """Registrations of an event."""
    statement = queries.found_by(queries.registrations(event_id), query, with_mail=actor().manages)
    found = page(session, statement, query, sorts=SORTS, default="sequence")
    return _many(session, event_id, found)


@door.post("/registrations")
@needs("registrations:write", gate="event")
@door.body(schemas.RegistrationBody)
@door.writes(201, schemas.RegistrationOut)
def create_registration(session: Session, body: dict[str, Any], event_id: str) -> Any:
    """Register somebody."""
    now = clock.now(session)
    return _one(session, actions.register(session, actor(), event_id, body, now=now))


@door.get("/registrations/<registration_id>")
@needs("registrations:read", gate="event")
@door.reads(schemas.RegistrationOut, computed=True)
def read_registration(session: Session, event_id: str, registration_id: str) -> Any:
    """One registration."""
    event = events.event_for(session, actor(), event_id)
    return _one(session, queries.registration_for(session, event, registration_id))


@door.patch("/registrations/<registration_id>")
@needs("registrations:write", gate="event")
@door.body(schemas.RegistrationPatch)
@door.writes(200, schemas.RegistrationOut, precondition=True)
def change_registration(
    session: Session, body: dict[str, Any], event_id: str, registration_id: str
) -> Any:
    """Change a registration."""
    event, now = actions.lock(session, event_id), clock.now(session)
    expect(queries.registration_for(session, event, registration_id))
    changed = actions.change(session, actor(), event_id, registration_id, body, now=now)
    return _one(session, changed)


@door.post("/registrations/<registration_id>/transitions")
@needs("registrations:write", gate="event")
@door.body(schemas.StaffTransitionBody)
@door.writes(200, schemas.RegistrationOut, precondition=False)
def move_registration(
    session: Session, body: dict[str, Any], event_id: str, registration_id: str
) -> Any:
    """Approve, decline, cancel, promote, or mark attendance."""
    event, now = actions.lock(session, event_id), clock.now(session)
    expect(queries.registration_for(session, event, registration_id))
    moved = actions.transition(session, actor(), event_id, registration_id, body, now=now)
    return _one(session, moved)


@door.post("/registrations/<registration_id>/link")
@needs("registrations:write", gate="event")
@door.body(schemas.LinkBody)
@door.writes(200, schemas.LinkOut)
def renew_link(session: Session, body: dict[str, Any], event_id: str, registration_id: str) -> Any:
    """Make a new private link and end the old one."""
    token = actions.renew_link(
        session,
        actor(),
        event_id,
        registration_id,
        deliver=body["deliver"],
        secret=config.current().secret_key,
        now=clock.now(session),
    )
    back = body["deliver"] == "return"
    return {"delivered": body["deliver"], "link_token": token if back else None}


@door.get("/waiting-list")
@needs("registrations:read", gate="event")
@door.query(schemas.WaitingQuery)
@door.lists(schemas.RegistrationOut, sort=("sequence",))
def list_waiting(session: Session, query: dict[str, Any], event_id: str) -> Page:
    """Who waits for a place, in order."""
    statement = queries.found_by(queries.waiting(event_id), query, with_mail=False)
    sorts = {"sequence": Registration.sequence}
    found = page(session, statement, query, sorts=sorts, default="sequence")
    return _many(session, event_id, found)


@door.post("/waiting-list/promote")
@needs("registrations:write", gate="event")
@door.body(schemas.PromoteBody)
@door.writes(200, schemas.RegistrationOut)
def promote(session: Session, body: dict[str, Any], event_id: str) -> Any:
    """Give a free place to the first in order, or by override to somebody named."""
    now = clock.now(session)
    return _one(session, actions.promote(session, actor(), event_id, **body, now=now))


@public_door.post("/registrations")
@needs(None, limit="registrations")
@public_door.body(schemas.PublicRegistrationBody)
@public_door.writes(202, schemas.ReceivedOut)
def receive_registration(
    session: Session, body: dict[str, Any], series_slug: str, event_slug: str
) -> Any:
    """Register; the outcome comes by mail, whatever it is."""
    event = events.public_event(session, series_slug, event_slug)
    actions.receive(session, event.id, body, now=clock.now(session))
    return {"status": "received"}


@my_door.get("")
@needs(LINK)
@my_door.reads(schemas.OwnOut, computed=True)
def read_own(session: Session) -> Any:
    """The guest's own registration."""
    return _own(session, queries.registration_linked(session, actor()))


@my_door.patch("")
@needs(LINK)
@my_door.body(schemas.OwnPatch)
@my_door.writes(200, schemas.OwnOut, precondition=True)
def change_own(session: Session, body: dict[str, Any]) -> Any:
    """Change the own data, choices and consents."""
    event, now = actions.lock(session, actor().event_id or ""), clock.now(session)
    own = queries.registration_linked(session, actor())
    expect(own)
    return _own(session, actions.change(session, actor(), event.id, own.id, body, now=now))


@my_door.post("/transitions")
@needs(LINK)
@my_door.body(schemas.TransitionBody)
@my_door.writes(200, schemas.OwnOut, precondition=False)
def move_own(session: Session, body: dict[str, Any]) -> Any:
    """Cancel, or answer an offer."""
    event, now = actions.lock(session, actor().event_id or ""), clock.now(session)
    own = queries.registration_linked(session, actor())
    expect(own)
    return _own(session, actions.transition(session, actor(), event.id, own.id, body, now=now))


@my_door.post("/confirm")
@needs(LINK)
@my_door.writes(200, schemas.OwnOut)
def confirm_own(session: Session) -> Any:
    """Prove the e-mail address of the registration."""
    return _own(session, actions.prove(session, actor(), now=clock.now(session)))
