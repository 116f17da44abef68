"""Questions about speakers at one event: profiles, who holds a link, what everybody may see."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.sql import Select

from eventsvc.agenda.models import AgendaItem, SpeakerProfile, SpeakerRole
from eventsvc.agenda.policy import PROPOSED, check_link_alive
from eventsvc.agenda.queries.items import belonging, items_of
from eventsvc.agenda.queries.places import speaker_for
from eventsvc.agenda.queries.public import may_be_named
from eventsvc.agenda.queries.shown import refuse_hidden_programme
from eventsvc.core.errors import NotFound
from eventsvc.core.rights import Actor
from eventsvc.events.models import Event


def profiles_of(event_id: str) -> Select[SpeakerProfile]:
    """The profiles of the speakers of an event, with contact and consents."""
    return (
        select(SpeakerProfile)
        .where(SpeakerProfile.event_id == event_id)
        .options(joinedload(SpeakerProfile.contact), selectinload(SpeakerProfile.consents))
    )


def profile_of(session: Session, event: Event, person_id: str) -> SpeakerProfile | None:
    """The profile of a person at this event, as it is now."""
    return _one(session, profiles_of(event.id).where(SpeakerProfile.person_id == person_id))


def profile_for(session: Session, event: Event, role_id: str) -> SpeakerProfile:
    """The profile of whoever has this role at this event.

    Raises:
        NotFound: there is no such role at this event.
    """
    role = speaker_for(session, event, role_id)
    found = profile_of(session, event, role.person_id)
    if found is None:
        raise NotFound
    return found


def profile_linked(session: Session, actor: Actor, *, now: datetime) -> SpeakerProfile:
    """The profile whose private link ``actor`` holds.

    Raises:
        NotFound: the link belongs to no profile.
        Unauthenticated: it ended, 24 months after the event.
    """
    if actor.event_id is None or actor.subject_id is None:
        raise NotFound
    found = _one(session, profiles_of(actor.event_id).where(SpeakerProfile.id == actor.subject_id))
    if found is None:
        raise NotFound
    check_link_alive(session.get_one(Event, found.event_id).ends_at, now)
    return found


def _one(session: Session, statement: Select[SpeakerProfile]) -> SpeakerProfile | None:
    fresh = statement.execution_options(populate_existing=True)
    return session.scalars(fresh).one_or_none()


def roles_of_person(session: Session, event_id: str, person_id: str) -> list[SpeakerRole]:
    """All roles of a person at an event, in order."""
    statement = (
        select(SpeakerRole)
        .where(SpeakerRole.event_id == event_id, SpeakerRole.person_id == person_id)
        .order_by(SpeakerRole.position, SpeakerRole.id)
    )
    return list(session.scalars(statement))


def own_roles(session: Session, profile: SpeakerProfile) -> list[SpeakerRole]:
    """The roles that a speaker sees: those asked for, not what is only thought of."""
    roles = roles_of_person(session, profile.event_id, profile.person_id)
    return [role for role in roles if role.state != PROPOSED]


def own_role(session: Session, profile: SpeakerProfile, role_id: str) -> SpeakerRole:
    """One role that a speaker sees.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    found = next((role for role in own_roles(session, profile) if role.id == role_id), None)
    if found is None:
        raise NotFound
    return found


def items_by_id(session: Session, event: Event, ids: Iterable[str | None]) -> dict[str, AgendaItem]:
    """These items of an event with their rooms; one query."""
    wanted = {item_id for item_id in ids if item_id}
    if not wanted:
        return {}
    statement = items_of(event).where(AgendaItem.id.in_(wanted))
    found = list(session.scalars(statement.options(joinedload(AgendaItem.room))))
    belonging(event, found)
    return {item.id: item for item in found}


def profiles_by_person(
    session: Session, event: Event, person_ids: Iterable[str]
) -> dict[str, SpeakerProfile]:
    """Person → profile at this event; one query and one for the consents."""
    statement = profiles_of(event.id).where(SpeakerProfile.person_id.in_(set(person_ids)))
    return {profile.person_id: profile for profile in session.scalars(statement)}


def public_profile(session: Session, event: Event, role_id: str) -> SpeakerProfile:
    """The profile behind a role that everybody may see, for its photo.

    Raises:
        NotFound: the event was not published, the item is hidden, or the speaker did not agree.
    """
    refuse_hidden_programme(event)
    role = speaker_for(session, event, role_id)
    if not (role.publish and may_be_named(role, event) and _is_visible(session, role)):
        raise NotFound
    return profile_for(session, event, role_id)


def _is_visible(session: Session, role: SpeakerRole) -> bool:
    if role.item_id is None:
        return True
    statement = select(AgendaItem.visible).where(AgendaItem.id == role.item_id)
    return bool(session.scalar(statement))


def as_it_is(session: Session, profile: SpeakerProfile) -> SpeakerProfile:
    """The profile with its contact and consents after a change."""
    statement = profiles_of(profile.event_id).where(SpeakerProfile.id == profile.id)
    return session.scalars(statement.execution_options(populate_existing=True)).one()
