"""What a speaker sees behind the private link, in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from eventsvc.agenda.models import AgendaItem, SpeakerProfile, SpeakerRole, TakeawayQuote
from eventsvc.agenda.policy import MissingThing, link_is_read_only
from eventsvc.agenda.queries.missing import owed_by
from eventsvc.agenda.queries.speakers import items_by_id, own_roles
from eventsvc.agenda.queries.takeaways import quotes_of
from eventsvc.directory.queries import person_of
from eventsvc.events.models import Event


@dataclass(frozen=True)
class Speaking:
    """A speaker of an event with everything that is asked of them."""

    event: Event
    profile: SpeakerProfile
    name: str
    roles: list[SpeakerRole]
    items: dict[str, AgendaItem]
    missing: list[MissingThing]
    quotes: list[TakeawayQuote]
    read_only: bool


def speaking(session: Session, event: Event, profile: SpeakerProfile, *, now: datetime) -> Speaking:
    """The speaker's page at ``now``."""
    roles = own_roles(session, profile)
    person = person_of(session, profile.organiser_id, profile.person_id)
    return Speaking(
        event=event,
        profile=profile,
        name=roles[0].name_printed if roles else person.name,
        roles=roles,
        items=items_by_id(session, event, [role.item_id for role in roles]),
        missing=owed_by(event, profile, roles),
        quotes=quotes_of(session, profile),
        read_only=link_is_read_only(event.ends_at, now),
    )
