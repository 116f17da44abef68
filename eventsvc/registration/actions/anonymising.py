"""A person is taken out of the books, the counts stay (security.md §3, Anonymisation)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventsvc.accounts.actions import end_links
from eventsvc.audit.actions import record
from eventsvc.core import idempotency
from eventsvc.core.ids import new_code
from eventsvc.core.rights import Actor
from eventsvc.facts.actions import tell
from eventsvc.mail.actions import drop_contact, forget_recipient
from eventsvc.registration.models import Participant, Registration
from eventsvc.registration.policy import ParticipantAnonymised

NAMELESS = "–"


def anonymise(
    session: Session, actor: Actor, participant: Participant, *, now: datetime
) -> Participant:
    """Take name, addresses, answers, free texts and links out of one person's rows of an event.

    Country, type, state, mode, times (of check-in to the hour) and consents stay. Doing it again
    changes nothing. What the rooms above hold of the person goes when they hear of it.
    """
    if participant.erased_at is not None:
        return participant
    contact_id = participant.contact_id
    nobody = forget_recipient(session, participant.id, now=now)
    participant.contact_id = nobody.id
    participant.name = NAMELESS
    participant.organisation_id = participant.organisation_name = None
    participant.job_title = participant.person_id = None
    participant.erased_at = participant.revised_at = now
    mine = select(Registration).where(Registration.participant_id == participant.id)
    registrations = list(session.scalars(mine))
    for registration in registrations:
        _blank(registration)
        end_links(session, registration.id, now=now)
        idempotency.forget(session, registration.id)
    session.flush()
    drop_contact(session, contact_id)
    organiser_id = registrations[0].organiser_id if registrations else None
    fact = ParticipantAnonymised(
        at=now,
        subject_id=participant.id,
        organiser_id=organiser_id,
        event_id=participant.event_id,
    )
    tell(session, fact)
    for registration in registrations:
        record(session, actor, "registration.anonymised", registration, now=now)
    return participant


def _blank(registration: Registration) -> None:
    registration.email = registration.email_key = registration.contact_email = None
    registration.suspicious_email = False
    registration.answers = {}
    registration.note = registration.external_id = registration.cancel_reason = None
    registration.code = new_code()  # the old one may be printed on a badge
    if registration.attended_at is not None:
        registration.attended_at = registration.attended_at.replace(
            minute=0, second=0, microsecond=0
        )
