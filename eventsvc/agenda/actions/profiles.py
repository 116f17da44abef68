"""What a speaker says of themselves for one event, photo and consents included (editions.md §4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from eventsvc.accounts.actions import end_links, issue_speaker_link
from eventsvc.agenda.actions.consents import note_consent
from eventsvc.agenda.models import SpeakerConsent, SpeakerProfile, SpeakerRole
from eventsvc.agenda.policy import SpeakerReached
from eventsvc.agenda.queries import as_it_is, profile_of, roles_of_person
from eventsvc.audit.actions import record
from eventsvc.core import files
from eventsvc.core.errors import Conflict, NotFound
from eventsvc.core.pictures import Picture
from eventsvc.core.rights import Actor
from eventsvc.events.models import Event
from eventsvc.events.policy import refuse_archived
from eventsvc.events.queries import lock_event
from eventsvc.facts.actions import tell
from eventsvc.mail.actions import contact_for

PRINTED = ("affiliation", "job_title")
"""What a profile and the roles have in common: everybody reads it in the roles."""
COLUMNS = (*PRINTED, "badge_name", "biography", "slides_url", "attendance", "language",
           "gender_stated")  # fmt: skip


def profile_made(session: Session, role: SpeakerRole, *, now: datetime) -> SpeakerProfile:
    """The profile of whoever has ``role``, made with the first role at this event."""
    event = session.get_one(Event, role.event_id)
    known = profile_of(session, event, role.person_id)
    if known is not None:
        return known
    made = SpeakerProfile(
        organiser_id=role.organiser_id,
        event_id=role.event_id,
        person_id=role.person_id,
        affiliation=role.affiliation,
        job_title=role.job_title,
        created_at=now,
        updated_at=now,
    )
    session.add(made)
    session.flush()
    return as_it_is(session, made)


def change_profile(
    session: Session,
    actor: Actor,
    event: Event,
    profile: SpeakerProfile,
    values: Mapping[str, Any],
    *,
    now: datetime,
) -> SpeakerProfile:
    """Change a profile; ``consents`` (question → yes or no) are noted beside it.

    Affiliation and job title go into the roles of the event, where everybody reads them.

    Raises:
        Conflict: ``archived``; ``consent-withdrawn``: only the speaker takes back an own no.
    """
    event = lock_event(session, event.id)
    refuse_archived(event.state)
    if "email" in values:
        _reach_at(session, event, profile, values["email"], now=now)
    for name in COLUMNS:
        if name in values:
            setattr(profile, name, values[name])
    profile.updated_at = now
    _print(session, profile, {name: values[name] for name in PRINTED if name in values})
    session.flush()
    for kind, given in sorted((values.get("consents") or {}).items()):
        note_consent(session, actor, profile, kind, given=given, now=now)
    changes = {"fields": sorted({*values} - {"gender_stated"})}
    record(session, actor, "speaker.profile-changed", profile, now=now, changes=changes)
    return as_it_is(session, profile)


def _print(session: Session, profile: SpeakerProfile, values: Mapping[str, Any]) -> None:
    if values:
        for role in roles_of_person(session, profile.event_id, profile.person_id):
            for name, value in values.items():
                setattr(role, name, value)


def _reach_at(
    session: Session, event: Event, profile: SpeakerProfile, email: str | None, *, now: datetime
) -> None:
    """Another address: whoever had the old one loses the link that went there."""
    before = profile.contact_id
    usual = event.languages[0] if event.languages else "en"
    language = profile.language or usual
    contact = (
        contact_for(session, email, locale=language, zone=event.timezone, now=now)
        if email
        else None
    )
    profile.contact_id = contact.id if contact else None
    if before is not None and profile.contact_id != before:
        end_links(session, profile.id, now=now)
    if profile.invitations and contact is not None:
        session.flush()
        _tell_reached(session, profile, letter=False, now=now)


def renew_speaker_link(
    session: Session,
    actor: Actor,
    event: Event,
    profile: SpeakerProfile,
    *,
    deliver: str,
    secret: str,
    now: datetime,
) -> str:
    """Make a new private link and end the old one; audited. Returns the token.

    ``deliver``: ``mail`` tells the mail room, ``return`` is for whoever shows it.

    Raises:
        Conflict: ``no-address`` to mail it to; ``archived``.
    """
    event = lock_event(session, event.id)
    refuse_archived(event.state)
    if deliver == "mail":
        check_address(profile)
    token = issue_speaker_link(
        session,
        secret=secret,
        profile_id=profile.id,
        organiser_id=profile.organiser_id,
        event_id=event.id,
        now=now,
        renew=True,
    )
    record(session, actor, "speaker.link-renewed", profile, now=now, changes={"deliver": deliver})
    if deliver == "mail":
        _tell_reached(session, profile, letter=True, now=now)
    return token


def check_address(profile: SpeakerProfile) -> None:
    """Refuse to write to somebody without an address.

    Raises:
        Conflict: ``no-address``.
    """
    if profile.contact_id is None:
        raise Conflict("no-address", "Give the speaker's e-mail address in the profile first.")


def _tell_reached(
    session: Session, profile: SpeakerProfile, *, letter: bool, now: datetime
) -> None:
    tell(
        session,
        SpeakerReached(
            at=now,
            subject_id=profile.id,
            organiser_id=profile.organiser_id,
            event_id=profile.event_id,
            letter=letter,
        ),
    )


def set_photo(
    session: Session,
    actor: Actor,
    event: Event,
    profile: SpeakerProfile,
    picture: Picture | None,
    *,
    now: datetime,
) -> SpeakerProfile:
    """Keep another photo with its thumbnail, or none.

    Raises:
        NotFound: there is none to take away.
        Conflict: ``archived``.
    """
    refuse_archived(event.state)
    old = [profile.photo_id, profile.thumbnail_id]
    if picture is None and profile.photo_id is None:
        raise NotFound
    parts = (picture.content, picture.thumbnail) if picture else ()
    kept = [files.keep(session, part, picture.media_type, now=now).id for part in parts if picture]
    profile.photo_id, profile.thumbnail_id = kept or (None, None)
    profile.updated_at = now
    session.flush()
    files.discard(session, old)
    action = "speaker.photo-set" if picture else "speaker.photo-removed"
    record(session, actor, action, profile, now=now)
    return profile


def forget_profile(session: Session, event: Event, person_id: str, *, now: datetime) -> None:
    """Let go of what somebody said of themselves who has no role here any more."""
    profile = profile_of(session, event, person_id)
    if profile is None:
        return
    end_links(session, profile.id, now=now)
    pictures = [profile.photo_id, profile.thumbnail_id]
    session.execute(delete(SpeakerConsent).where(SpeakerConsent.profile_id == profile.id))
    session.delete(profile)
    session.flush()
    files.discard(session, pictures)
