"""Questions about what is kept of sessions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.sql import Select

from eventsvc.agenda.models import (
    AgendaItem,
    SpeakerProfile,
    SpeakerRole,
    Takeaway,
    TakeawayQuote,
)
from eventsvc.agenda.policy import COMING
from eventsvc.core.errors import NotFound
from eventsvc.core.ids import is_id
from eventsvc.events.models import Event

RAPPORTEUR = "rapporteur"
TAKEAWAY_SORTS: dict[str, Any] = {"created_at": Takeaway.created_at}


def takeaways_of(event_id: str) -> Select[Takeaway]:
    """The takeaways of an event with their quotes."""
    statement = select(Takeaway).where(Takeaway.event_id == event_id)
    return statement.options(selectinload(Takeaway.quotes))


def takeaways_found(event: Event, filters: Mapping[str, Any]) -> Select[Takeaway]:
    """The takeaways of an event that pass the filters of a list."""
    statement = takeaways_of(event.id)
    if filters.get("session_id"):
        statement = statement.where(Takeaway.item_id.in_(filters["session_id"]))
    return statement


def takeaway_for(session: Session, event: Event, takeaway_id: str) -> Takeaway:
    """One of an event, as it is now.

    Raises:
        NotFound: there is none, it is another event's, or the id is malformed.
    """
    if not is_id(takeaway_id):
        raise NotFound
    return _one(session, takeaways_of(event.id).where(Takeaway.id == takeaway_id))


def takeaway_of(session: Session, event: Event, item_id: str) -> Takeaway | None:
    """What is kept of one session so far, as it is now."""
    statement = takeaways_of(event.id).where(Takeaway.item_id == item_id)
    return session.scalars(statement.execution_options(populate_existing=True)).one_or_none()


def _one(session: Session, statement: Select[Takeaway]) -> Takeaway:
    found = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found


def reports(role: SpeakerRole) -> bool:
    """Whether who has this role writes the takeaways of its session."""
    return role.role == RAPPORTEUR and role.item_id is not None and role.state in COMING


def reported_item(session: Session, profile: SpeakerProfile, item_id: str) -> str:
    """The id of a session that this speaker is to report on.

    Raises:
        NotFound: the speaker is no rapporteur there, or did not accept.
    """
    if not is_id(item_id):
        raise NotFound
    statement = select(SpeakerRole.item_id).where(
        SpeakerRole.event_id == profile.event_id,
        SpeakerRole.person_id == profile.person_id,
        SpeakerRole.item_id == item_id,
        SpeakerRole.role == RAPPORTEUR,
        SpeakerRole.state.in_(COMING),
    )
    found = session.scalars(statement.limit(1)).first()
    if found is None:
        raise NotFound
    return found


def quotes_of(session: Session, profile: SpeakerProfile) -> list[TakeawayQuote]:
    """What a speaker is quoted with, in all sessions of the event."""
    statement = (
        select(TakeawayQuote)
        .join(SpeakerRole, SpeakerRole.id == TakeawayQuote.role_id)
        .where(SpeakerRole.event_id == profile.event_id, SpeakerRole.person_id == profile.person_id)
        .order_by(TakeawayQuote.position, TakeawayQuote.id)
    )
    return list(session.scalars(statement))


def quote_of(session: Session, profile: SpeakerProfile, quote_id: str) -> TakeawayQuote:
    """One quote of this speaker.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    found = next((quote for quote in quotes_of(session, profile) if quote.id == quote_id), None)
    if found is None:
        raise NotFound
    return found


def kept_messages(session: Session, event: Event) -> list[dict[str, Any]]:
    """The key messages of the sessions in the order of the programme, for reports.

    ``text``, and as ``source`` the title of the session.
    """
    statement = (
        select(Takeaway.messages, AgendaItem.title)
        .join(AgendaItem, AgendaItem.id == Takeaway.item_id)
        .where(Takeaway.event_id == event.id)
        .order_by(AgendaItem.day, AgendaItem.starts_at, AgendaItem.position, AgendaItem.id)
    )
    return [
        {"text": text, "source": title}
        for messages, title in session.execute(statement)
        for text in messages
    ]
