"""Humans at an event: one row each, with a contact and consents (editions.md §11)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from eventsvc.core.errors import Invalid
from eventsvc.core.ids import new_id
from eventsvc.core.text import email_key
from eventsvc.directory.models import Organisation
from eventsvc.events.models import Event
from eventsvc.mail.actions import contact_for
from eventsvc.registration import queries
from eventsvc.registration.models import Consent, Participant
from eventsvc.registration.policy import CONSENT_TEXTS

PERSONAL = ("name", "country", "job_title", "type")


def participant_from(
    session: Session, event: Event, values: Mapping[str, Any], *, now: datetime
) -> Participant:
    """The human that ``values`` describe: who registered before with the address stays the same.

    Raises:
        Invalid: no address at all, or an organisation that is not in the directory.
    """
    address = values.get("email") or values.get("contact_email")
    if address is None:
        raise Invalid.field("/email", "required", "Give email, or contact_email of an assistant.")
    known = None
    if values.get("email"):
        known = queries.participant_known(session, event.id, email_key(values["email"]))
    participant = known or Participant(
        id=new_id(), event_id=event.id, revised_at=now, created_at=now
    )
    participant.synthetic = bool(values.get("synthetic", False))
    describe(session, event, participant, values)
    address_to(session, event, participant, address, now=now)
    session.add(participant)
    session.flush()
    return participant


def describe(
    session: Session, event: Event, participant: Participant, values: Mapping[str, Any]
) -> None:
    """Write what ``values`` say about a person; absent names stay as they are."""
    for name in PERSONAL:
        if name in values:
            setattr(participant, name, values[name])
    if "language" in values:
        participant.locale = values["language"]
    if "organisation" in values:
        participant.organisation_name = values["organisation"]
    if "organisation_id" in values:
        participant.organisation_id = _listed(session, event, values["organisation_id"])


def _listed(session: Session, event: Event, organisation_id: str | None) -> str | None:
    """The id, if it is an organisation of the event's organiser."""
    if organisation_id is None:
        return None
    found = session.scalars(
        select(Organisation.id).where(
            Organisation.id == organisation_id, Organisation.organiser_id == event.organiser_id
        )
    ).first()
    if found is None:
        raise Invalid.field("/organisation_id", "unknown", "The directory has none with this id.")
    return found


def address_to(
    session: Session, event: Event, participant: Participant, address: str, *, now: datetime
) -> None:
    """Let mail for a participant go to ``address``."""
    usual = event.languages[0] if event.languages else "en"
    contact = contact_for(
        session,
        address,
        name=participant.name,
        locale=participant.locale or usual,
        zone=event.timezone,
        now=now,
    )
    participant.contact_id = contact.id
    participant.contact = contact


def revise(session: Session, participant_ids: Iterable[str], now: datetime) -> None:
    """Note that the personal calendars of these participants changed (calendar.md rule 41)."""
    ids = sorted(set(participant_ids))
    if ids:
        session.execute(
            update(Participant)
            .where(Participant.id.in_(ids))
            .values(revision=Participant.revision + 1, revised_at=now)
            .execution_options(synchronize_session="fetch")
        )


def note_consents(
    session: Session,
    participant: Participant,
    consents: Mapping[str, bool],
    *,
    source: str,
    now: datetime,
) -> None:
    """Append what was consented to, or not; rows are never changed (security.md §3)."""
    session.add_all(
        Consent(
            participant_id=participant.id,
            kind=kind,
            given=given,
            text_version=CONSENT_TEXTS[kind],
            source=source,
            at=now,
        )
        for kind, given in sorted(consents.items())
    )
