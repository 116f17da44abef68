"""What everybody may see of a programme and of who speaks in it (editions.md §4.14)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventsvc.agenda.models import AgendaItem, SpeakerProfile, SpeakerRole
from eventsvc.agenda.policy import GONE_ROLES
from eventsvc.agenda.queries.items import programme, speakers_of
from eventsvc.agenda.queries.shown import refuse_hidden_programme
from eventsvc.events.models import Event

PUBLIC_FIELDS = (
    "id", "kind", "type", "title", "title_printed", "abstract", "day", "position", "slot_text",
    "starts_at", "ends_at", "timezone", "room", "track", "parallel_group", "stands_for",
    "block_id", "mode", "languages", "bookable", "state", "points",
)  # fmt: skip


def may_be_named(role: SpeakerRole, event: Event) -> bool:
    """Whether a speaker is public: by consent, or by name at a past event entered as recorded."""
    return (role.publish or event.recorded) and role.state not in GONE_ROLES


def public_speakers(event: Event, roles: Iterable[SpeakerRole]) -> list[dict[str, Any]]:
    """The speakers that may be named, in order; beside the name only what consent covers."""
    return [
        {
            "name": role.name_printed,
            "role": role.role,
            "item_id": role.item_id,
            "position": role.position,
            "affiliation": role.affiliation if role.publish else None,
            "job_title": role.job_title if role.publish else None,
            "country": role.country if role.publish else None,
        }
        for role in roles
        if may_be_named(role, event)
    ]


def public_item(event: Event, item: AgendaItem) -> dict[str, Any]:
    """A visible item as everybody sees it."""
    shown = {name: getattr(item, name) for name in PUBLIC_FIELDS}
    return {**shown, "speakers": public_speakers(event, item.speakers)}


def public_agenda(session: Session, event: Event) -> dict[str, Any]:
    """The public programme of an event.

    Raises:
        NotFound: the event was not published.
    """
    refuse_hidden_programme(event)
    items = programme(session, event, shown_only=True)
    shown = [public_item(event, item) for item in items]
    general = [role for role in speakers_of(session, event) if role.item_id is None]
    return {
        "state": event.state,
        "timezone": event.timezone,
        "items": shown,
        "speakers": public_speakers(event, general),
    }


def public_roles(session: Session, event: Event, *, address: str) -> list[dict[str, Any]]:
    """The public speakers of an event and of its visible items, those of the event first.

    ``address``: where each of them has a photo, by the id of the role.

    Raises:
        NotFound: the event was not published.
    """
    refuse_hidden_programme(event)
    visible = {item.id for item in programme(session, event, shown_only=True, loaded=False)}
    roles = [
        role
        for role in speakers_of(session, event)
        if may_be_named(role, event) and (role.item_id is None or role.item_id in visible)
    ]
    agreed = {role.person_id for role in roles if role.publish}
    statement = select(SpeakerProfile).where(
        SpeakerProfile.event_id == event.id, SpeakerProfile.person_id.in_(agreed)
    )
    profiles = {profile.person_id: profile for profile in session.scalars(statement)}
    named = public_speakers(event, roles)
    return [
        {**shown, **_of_themselves(role, profiles.get(role.person_id), address)}
        for shown, role in zip(named, roles, strict=True)
    ]


def _of_themselves(
    role: SpeakerRole, profile: SpeakerProfile | None, address: str
) -> dict[str, Any]:
    """What a speaker who agreed says of themselves."""
    told: dict[str, Any] = {"id": role.id, "biography": None, "photo_url": None}
    if role.publish and profile is not None:
        told["biography"] = profile.biography
        told["slides_url"] = profile.slides_url
        told["photo_url"] = f"{address}/{role.id}/photo" if profile.photo_id else None
    return told
