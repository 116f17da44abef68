"""What everybody may see of a programme and of who speaks in it (editions.md §4.14)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy.orm import Session

from eventsvc.agenda.models import AgendaItem, SpeakerRole
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


def public_roles(session: Session, event: Event) -> list[dict[str, Any]]:
    """The public speakers of an event and of its visible items, those of the event first.

    Raises:
        NotFound: the event was not published.
    """
    refuse_hidden_programme(event)
    visible = {item.id for item in programme(session, event, shown_only=True, loaded=False)}
    roles = speakers_of(session, event)
    return public_speakers(
        event, [role for role in roles if role.item_id is None or role.item_id in visible]
    )
