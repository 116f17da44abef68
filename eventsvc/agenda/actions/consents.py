"""A speaker's word on being shown and recorded (security.md §3)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventsvc.agenda.models import SpeakerConsent, SpeakerProfile, SpeakerRole
from eventsvc.agenda.policy import (
    ORGANISER,
    PUBLISH,
    SPEAKER,
    SPEAKER_CONSENTS,
    SpeakerConsentGiven,
    is_shown,
    standing,
)
from eventsvc.agenda.queries import roles_of_person
from eventsvc.core.errors import Conflict
from eventsvc.core.rights import Actor
from eventsvc.facts.actions import tell


def side_of(actor: Actor) -> str:
    """In which part somebody acts: the speaker, by the private link, or the organiser."""
    return SPEAKER if actor.kind == "link" else ORGANISER


def note_consent(
    session: Session,
    actor: Actor,
    profile: SpeakerProfile,
    kind: str,
    *,
    given: bool,
    now: datetime,
) -> None:
    """Append a speaker's word on ``kind``; what was said before stays in its row.

    ``publish`` shows the speaker in the programme, or takes them out of it and of all calendars.

    Raises:
        Conflict: ``consent-withdrawn``: the speaker said no, and only the speaker says yes again.
    """
    said = list(_said(session, profile))
    newest = next((word for word in reversed(said) if word.kind == kind), None)
    source = side_of(actor)
    if newest is not None and given and source != SPEAKER:
        _check_not_withdrawn(newest)
    if newest is None or newest.given != given:
        session.add(
            SpeakerConsent(
                profile_id=profile.id,
                number=len(said) + 1,
                kind=kind,
                given=given,
                text_version=SPEAKER_CONSENTS[kind]["version"],
                source=source,
                at=now,
            )
        )
        told = {"organiser_id": profile.organiser_id, "event_id": profile.event_id}
        tell(
            session,
            SpeakerConsentGiven(at=now, subject_id=profile.id, consent=kind, given=given, **told),
        )
    if kind == PUBLISH:
        show_as_agreed(session, profile, agreed=given)


def _check_not_withdrawn(newest: SpeakerConsent) -> None:
    if not newest.given and newest.source == SPEAKER:
        detail = "The speaker said no; only the speaker can say yes, by the private link."
        raise Conflict("consent-withdrawn", detail)


def _said(session: Session, profile: SpeakerProfile) -> list[SpeakerConsent]:
    statement = (
        select(SpeakerConsent)
        .where(SpeakerConsent.profile_id == profile.id)
        .order_by(SpeakerConsent.number)
    )
    return list(session.scalars(statement))


def show_as_agreed(session: Session, profile: SpeakerProfile, *, agreed: bool) -> None:
    """Let the roles of a speaker be shown, or not, as the speaker's word is."""
    for role in roles_of_person(session, profile.event_id, profile.person_id):
        role.publish = is_shown(role.state, agreed)
    session.flush()


def note_publish(
    session: Session,
    actor: Actor,
    profile: SpeakerProfile,
    role: SpeakerRole,
    *,
    agreed: bool,
    now: datetime,
) -> None:
    """The organiser notes, at one role, that the speaker agreed to be shown, or hides that role.

    Raises:
        Conflict: ``consent-withdrawn``.
    """
    if agreed and standing(_said(session, profile))[PUBLISH] is not True:
        note_consent(session, actor, profile, PUBLISH, given=True, now=now)
    role.publish = agreed
    session.flush()
