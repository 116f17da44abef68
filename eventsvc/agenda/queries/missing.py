"""Questions about what speakers still owe, and about who sits on panels."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventsvc.agenda.models import AgendaItem, SpeakerProfile, SpeakerRole
from eventsvc.agenda.policy import (
    CANCELLED,
    EXPECTED,
    GONE_ROLES,
    ON_STAGE,
    MissingThing,
    balance_of,
    is_panel,
    missing_of,
    standing,
)
from eventsvc.agenda.queries.items import items_of, programme_order
from eventsvc.agenda.queries.speakers import profiles_by_person, profiles_of
from eventsvc.events.models import Event


@dataclass(frozen=True)
class Owing:
    """A speaker and what is missing of them. ``name`` as printed; ``roles`` still expected."""

    profile: SpeakerProfile
    name: str
    roles: list[SpeakerRole]
    missing: list[MissingThing]


def owing(session: Session, event: Event) -> list[Owing]:
    """The expected speakers of an event who owe something, by name; a fixed number of queries."""
    statement = (
        select(SpeakerRole)
        .where(SpeakerRole.event_id == event.id, SpeakerRole.state.in_(EXPECTED))
        .order_by(SpeakerRole.position, SpeakerRole.id)
    )
    by_person: dict[str, list[SpeakerRole]] = {}
    for role in session.scalars(statement):
        by_person.setdefault(role.person_id, []).append(role)
    profiles = profiles_by_person(session, event, by_person)
    found = [
        _owes(event, profiles[person_id], roles)
        for person_id, roles in by_person.items()
        if person_id in profiles
    ]
    return sorted((one for one in found if one.missing), key=lambda one: (one.name, one.profile.id))


def owed_by(
    event: Event, profile: SpeakerProfile, roles: Iterable[SpeakerRole]
) -> list[MissingThing]:
    """What one speaker still owes."""
    return missing_of(profile, roles, standing(profile.consents), event.starts_at)


def _owes(event: Event, profile: SpeakerProfile, roles: list[SpeakerRole]) -> Owing:
    return Owing(profile, roles[0].name_printed, roles, owed_by(event, profile, roles))


def panel_balance(session: Session, event: Event) -> dict[str, Any]:
    """Who is on the panels of an event, where they stated it: counts, and never a name."""
    items = list(session.scalars(items_of(event).where(AgendaItem.state != CANCELLED)))
    roles = session.scalars(
        select(SpeakerRole).where(
            SpeakerRole.event_id == event.id,
            SpeakerRole.role.in_(ON_STAGE),
            SpeakerRole.state.not_in(GONE_ROLES),
        )
    )
    on_stage: dict[str | None, set[str]] = {}
    for role in roles:
        on_stage.setdefault(role.item_id, set()).add(role.person_id)
    stated = {
        profile.person_id: profile.gender_stated
        for profile in session.scalars(profiles_of(event.id))
    }
    panels = [
        {"item_id": item.id, "title": item.title, "type": item.type,
         **asdict(balance_of({person: stated.get(person) for person in on_stage[item.id]}))}
        for item in sorted(items, key=programme_order)
        if item.id in on_stage and is_panel(item.type, on_stage[item.id])
    ]  # fmt: skip
    shown = {panel["item_id"] for panel in panels}
    everybody = set().union(*(people for item_id, people in on_stage.items() if item_id in shown))
    total = asdict(balance_of({person: stated.get(person) for person in everybody}))
    return {"items": panels, "total": total}
