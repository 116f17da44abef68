"""Lists of items: filters, sorts, and the whole programme (api.md §4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import Select

from eventsvc.agenda.models import AgendaItem, Publication, Room, SpeakerRole, Track
from eventsvc.agenda.queries.items import programme, speakers_of
from eventsvc.agenda.queries.publications import last_number
from eventsvc.events.models import Event

ITEM_SORTS: dict[str, Any] = {
    "day": AgendaItem.day,
    "starts_at": AgendaItem.starts_at,
    "position": AgendaItem.position,
    "title": AgendaItem.title,
    "created_at": AgendaItem.created_at,
}
IN_ORDER = "day,starts_at,position"
ROOM_SORTS: dict[str, Any] = {"position": Room.position, "name": Room.name}
ROLE_SORTS: dict[str, Any] = {"position": SpeakerRole.position, "name": SpeakerRole.name_printed}
PUBLICATION_SORTS: dict[str, Any] = {"number": Publication.number}
TRACK_SORTS: dict[str, Any] = {"position": Track.position, "name": Track.name}


def with_item_filters(statement: Select[Any], filters: Mapping[str, Any]) -> Select[Any]:
    """Items that pass the filters of a list; a filter given twice means or."""
    for name in ("type", "state", "day", "room_id", "track_id", "parallel_group"):
        if filters.get(name):
            statement = statement.where(getattr(AgendaItem, name).in_(filters[name]))
    for name in ("visible", "bookable"):
        if name in filters:
            statement = statement.where(getattr(AgendaItem, name).is_(filters[name]))
    if filters.get("starts_from"):
        statement = statement.where(AgendaItem.starts_at >= filters["starts_from"])
    if filters.get("starts_before"):
        statement = statement.where(AgendaItem.starts_at < filters["starts_before"])
    if filters.get("q"):
        found = (AgendaItem.title, AgendaItem.abstract)
        words = [column.icontains(filters["q"], autoescape=True) for column in found]
        statement = statement.where(or_(*words))
    return statement


def roles_found(
    event: Event, filters: Mapping[str, Any], *, item_id: str | None = None
) -> Select[SpeakerRole]:
    """The roles of an event, or of one of its items, that pass the filters of a list."""
    statement = select(SpeakerRole).where(SpeakerRole.event_id == event.id)
    if item_id is not None:
        statement = statement.where(SpeakerRole.item_id == item_id)
    for name in ("role", "state", "person_id"):
        if filters.get(name):
            statement = statement.where(getattr(SpeakerRole, name).in_(filters[name]))
    return statement


def whole_agenda(session: Session, event: Event) -> dict[str, Any]:
    """Everything of a programme, hidden items too, with the number of the last publication."""
    roles = [role for role in speakers_of(session, event) if role.item_id is None]
    return {
        "event_id": event.id,
        "timezone": event.timezone,
        "publication": last_number(session, event) or None,
        "items": programme(session, event),
        "speakers": roles,
    }
