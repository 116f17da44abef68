"""Synthetic guests, registered through the actions."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventsvc.accounts.actions import issue_link
from eventsvc.core.rights import Actor
from eventsvc.events.models import Event
from eventsvc.facts.models import FactRow
from eventsvc.registration import actions
from eventsvc.registration.models import Pool, Registration
from tests.factories.events import ACTOR, NOW, make_event

SECRET = "a test secret of more than thirty-two bytes"
_number = count(1)


def make_open_event(session: Session, organiser_id: str, **values: Any) -> Event:
    """A published edition that takes registrations, without e-mail proof unless asked for."""
    told = {"state": "published", "email_proof": False, **values}
    return make_event(session, organiser_id, **told)


def person(**values: Any) -> dict[str, Any]:
    """What a synthetic guest sends."""
    number = next(_number)
    return {"name": f"Robin Example {number}", "email": f"robin{number}@example.org", **values}


def make_registration(
    session: Session, event: Event, *, now: datetime = NOW, **values: Any
) -> Registration:
    """A guest registered by staff."""
    return actions.register(session, ACTOR, event.id, person(**values), now=now)


def make_pool(session: Session, event: Event, seats: int, **values: Any) -> Pool:
    """A pool that keeps ``seats``."""
    pool = Pool(event_id=event.id, name=f"Pool {next(_number)}", seats=seats, **values)
    session.add(pool)
    session.flush()
    return pool


def holder_of(registration: Registration) -> Actor:
    """The guest, as the private link makes them known."""
    return Actor(
        kind="link",
        name="private link",
        role="attendee",
        scopes=frozenset({"my"}),
        organiser_id=registration.organiser_id,
        event_id=registration.event_id,
        subject_id=registration.id,
    )


def link_of(session: Session, registration: Registration, *, now: datetime) -> dict[str, str]:
    """Headers with the private link of a registration."""
    token = issue_link(
        session,
        secret=SECRET,
        registration_id=registration.id,
        organiser_id=registration.organiser_id,
        event_id=registration.event_id,
        now=now,
    )
    session.commit()
    return {"Authorization": f"Bearer {token}"}


def states(session: Session, event: Event) -> list[str]:
    """The states of all registrations of an event, in their order."""
    wanted = select(Registration.state).where(Registration.event_id == event.id)
    return list(session.scalars(wanted.order_by(Registration.sequence)))


def told(session: Session, kind: str, subject_id: str | None = None) -> list[FactRow]:
    """The facts of a kind, in order."""
    wanted = select(FactRow).where(FactRow.kind == kind)
    if subject_id is not None:
        wanted = wanted.where(FactRow.subject_id == subject_id)
    return list(session.scalars(wanted.order_by(FactRow.seq)))
