"""Who is registered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.sql import Select

from eventsvc.core.errors import NotFound
from eventsvc.core.ids import is_id
from eventsvc.core.rights import Actor
from eventsvc.events.models import Event
from eventsvc.registration.models import Consent, Participant, Registration


def registrations(event_id: str) -> Select[Registration]:
    """The registrations of an event, joined to their participants, who are loaded with them."""
    return (
        select(Registration)
        .join(Participant, Participant.id == Registration.participant_id)
        .where(Registration.event_id == event_id)
        .options(selectinload(Registration.participant).selectinload(Participant.contact))
    )


def found_by(
    statement: Select[Registration], filters: dict[str, Any], *, with_mail: bool
) -> Select[Registration]:
    """``statement`` narrowed by the filters of the list (api.md §4).

    ``q`` looks in name, organisation and code, and in addresses only ``with_mail`` (§10).
    """
    columns = {
        "state": Registration.state,
        "mode": Registration.mode,
        "country": Participant.country,
        "type": Participant.type,
    }
    for name, column in columns.items():
        if filters.get(name):
            statement = statement.where(column.in_(filters[name]))
    if filters.get("organisation"):
        named = func.lower(Participant.organisation_name)
        statement = statement.where(
            named.contains(filters["organisation"].lower(), autoescape=True)
        )
    if filters.get("q"):
        places = [Participant.name, Participant.organisation_name, Registration.code]
        places += [Registration.email, Registration.contact_email] if with_mail else []
        text = filters["q"].lower()
        found = [func.lower(place).contains(text, autoescape=True) for place in places]
        statement = statement.where(or_(*found))
    return statement


def registration_for(session: Session, event: Event, registration_id: str) -> Registration:
    """A registration of ``event`` as it is now, with participant and contact.

    Raises:
        NotFound: there is none, it is of another event, or the id is malformed.
    """
    if not is_id(registration_id):
        raise NotFound
    return _one(session, registrations(event.id).where(Registration.id == registration_id))


def registration_coded(session: Session, event_id: str, code: str) -> Registration | None:
    """The registration that shows ``code`` at the desk, or None."""
    wanted = registrations(event_id).where(Registration.code == code.strip().upper())
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def registration_linked(session: Session, actor: Actor) -> Registration:
    """The registration whose private link ``actor`` holds.

    Raises:
        NotFound: the link belongs to no registration.
    """
    if actor.event_id is None or actor.subject_id is None:
        raise NotFound
    wanted = registrations(actor.event_id).where(Registration.id == actor.subject_id)
    return _one(session, wanted)


def _one(session: Session, statement: Select[Registration]) -> Registration:
    fresh = statement.execution_options(populate_existing=True)
    found = session.scalars(fresh).one_or_none()
    if found is None:
        raise NotFound
    return found


def active_with(session: Session, event_id: str, email_key: str) -> Registration | None:
    """The active registration of an address at an event (api.md §9.5)."""
    wanted = registrations(event_id).where(
        Registration.email_key == email_key, Registration.state != "cancelled"
    )
    return session.scalars(wanted).one_or_none()


def participant_known(session: Session, event_id: str, email_key: str) -> Participant | None:
    """The participant who registered with this address before, so that one human stays one."""
    wanted = (
        select(Participant)
        .join(Registration, Registration.participant_id == Participant.id)
        .where(Registration.event_id == event_id, Registration.email_key == email_key)
        .order_by(Registration.sequence.desc())
        .limit(1)
        .options(selectinload(Participant.contact))
    )
    return session.scalars(wanted).first()


def photos_allowed(session: Session, participant_ids: Iterable[str]) -> set[str]:
    """The participants among these whose newest word on photos is yes (security.md §3)."""
    words = session.execute(
        select(Consent.participant_id, Consent.given)
        .where(Consent.participant_id.in_(list(participant_ids)), Consent.kind == "photo")
        .order_by(Consent.at, Consent.id)
    )
    newest = {row.participant_id: row.given for row in words}
    return {participant_id for participant_id, given in newest.items() if given}


def counts_by_state(session: Session, event_id: str) -> dict[tuple[str, str], int]:
    """(mode, state) → how many registrations."""
    rows = session.execute(
        select(Registration.mode, Registration.state, func.count())
        .where(Registration.event_id == event_id)
        .group_by(Registration.mode, Registration.state)
    )
    return {(mode, state): count for mode, state, count in rows}
