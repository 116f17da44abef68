"""The answer of a speaker: proposed, invited, accepted, declined, replaced, confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from eventsvc.agenda.actions.consents import side_of
from eventsvc.agenda.actions.profiles import check_address, profile_made
from eventsvc.agenda.actions.speakers import add_speaker, check_free
from eventsvc.agenda.models import AgendaItem, SpeakerProfile, SpeakerRole
from eventsvc.agenda.policy import (
    ACCEPTED,
    ANSWERS,
    COMING,
    CONFIRMED_ROLE,
    DECLINED,
    GONE_ROLES,
    INVITED,
    PUBLISH,
    REPLACED,
    SpeakerAccepted,
    SpeakerConfirmed,
    SpeakerDeclined,
    SpeakerFact,
    SpeakerInvited,
    SpeakerReplaced,
    check_role_step,
    is_shown,
    standing,
)
from eventsvc.agenda.queries import as_it_is, item_for, speaker_for
from eventsvc.audit.actions import record
from eventsvc.core.errors import Conflict, Invalid
from eventsvc.core.rights import Actor
from eventsvc.events.models import Event
from eventsvc.events.policy import refuse_archived
from eventsvc.events.queries import lock_event
from eventsvc.facts.actions import tell
from eventsvc.mail.actions import contact_for

FACTS: Mapping[str, type[SpeakerFact]] = {
    INVITED: SpeakerInvited,
    ACCEPTED: SpeakerAccepted,
    DECLINED: SpeakerDeclined,
    CONFIRMED_ROLE: SpeakerConfirmed,
}
OVER = ("completed", "cancelled", "archived")


def move_role(
    session: Session,
    actor: Actor,
    event: Event,
    role_id: str,
    to: str,
    *,
    reason: str | None = None,
    stand_in: Mapping[str, Any] | None = None,
    now: datetime,
) -> SpeakerRole:
    """Take a role to another state; the fact of it is told (editions.md §4.14).

    ``invited`` has the speaker written to. ``replaced`` needs ``stand_in``: ``person_id`` or
    ``name``, and as far as known ``email``, ``affiliation``, ``job_title``; the stand-in gets the
    same role, proposed, and is asked by the organiser.

    Raises:
        NotFound: no such role at this event.
        TransitionNotAllowed: the machine has no such step for the speaker or the organiser.
        Invalid: a stand-in is missing, or given with another state.
        Conflict: ``no-address``, ``event-over``, ``speaker-conflict``, ``role-taken``,
            ``archived``.
    """
    event = lock_event(session, event.id)
    refuse_archived(event.state)
    role = speaker_for(session, event, role_id)
    by = side_of(actor)
    check_role_step(role.state, to, by)
    if (to == REPLACED) != (stand_in is not None):
        raise Invalid.field(
            "/stand_in", "stand-in-and-replaced", "Name who stands in, and then only"
        )
    item = item_for(session, event, role.item_id) if role.item_id else None
    profile = profile_made(session, role, now=now)
    before, role.state, role.state_reason = role.state, to, reason
    if before in GONE_ROLES:
        with session.no_autoflush:
            check_free(session, event, item, role)
    _mark(event, role, profile, to, now=now)
    told: dict[str, Any] = {}
    if stand_in is not None:
        told["stand_in_id"] = _replace(session, actor, event, item, stand_in, role=role, now=now)
    session.flush()
    changes = {"from": before, "to": to}
    record(session, actor, f"speaker.{to}", role, now=now, changes=changes)
    _tell(session, role, profile, told, by=by, now=now)
    return role


def _mark(
    event: Event, role: SpeakerRole, profile: SpeakerProfile, to: str, *, now: datetime
) -> None:
    if to == INVITED:
        if event.state in OVER or event.recorded:
            raise Conflict("event-over", "Nobody is invited to an event that is over or off.")
        check_address(profile)
        role.invited_at, role.answered_at = now, None
        profile.invitations += 1
        profile.invited_at = now
    if to in ANSWERS:
        role.answered_at = now
    if to in COMING:
        role.publish = is_shown(to, standing(profile.consents)[PUBLISH]) or role.publish


def _replace(
    session: Session,
    actor: Actor,
    event: Event,
    item: AgendaItem | None,
    stand_in: Mapping[str, Any],
    *,
    role: SpeakerRole,
    now: datetime,
) -> str:
    """Give the stand-in the same role; the address only where none is known of them here.

    A speaker's word must not turn the mail of another speaker elsewhere.
    """
    session.flush()
    values = {name: value for name, value in stand_in.items() if name != "email"}
    values |= {"role": role.role, "position": role.position}
    other = add_speaker(session, actor, event, item, values, now=now)
    profile = profile_made(session, other, now=now)
    email = stand_in.get("email")
    known_here = profile.created_at < now or profile.contact_id is not None
    if email and not known_here:
        usual = event.languages[0] if event.languages else "en"
        contact = contact_for(session, email, locale=usual, zone=event.timezone, now=now)
        profile.contact_id = contact.id
    role.replaced_by_id = other.id
    as_it_is(session, profile)
    return other.id


def _tell(
    session: Session,
    role: SpeakerRole,
    profile: SpeakerProfile,
    told: Mapping[str, Any],
    *,
    by: str,
    now: datetime,
) -> None:
    to = role.state
    common: dict[str, Any] = {
        "at": now,
        "subject_id": role.id,
        "organiser_id": role.organiser_id,
        "event_id": role.event_id,
        "item_id": role.item_id,
        "profile_id": profile.id,
        "role": role.role,
        "by": by,
        "number": profile.invitations,
    }
    if to == REPLACED:
        tell(session, SpeakerReplaced(**common, **told))
    elif to in FACTS:
        tell(session, FACTS[to](**common))
