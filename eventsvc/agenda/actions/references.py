"""Ids in a body that must be of the same event or organiser."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventsvc.agenda.models import AgendaItem, Room, Track
from eventsvc.core.errors import FieldError, Invalid
from eventsvc.directory.models import Organisation
from eventsvc.events.models import Event, Venue

OF_EVENT: dict[str, type[Room] | type[Track] | type[AgendaItem] | type[Venue]] = {
    "room_id": Room,
    "track_id": Track,
    "block_id": AgendaItem,
    "venue_id": Venue,
    "item_id": AgendaItem,
}
OF_ORGANISER: dict[str, type[Event] | type[Organisation]] = {
    "own_event_id": Event,
    "host_organisation_id": Organisation,
    "organisation_id": Organisation,
}


def check_references(
    session: Session, event: Event, values: Mapping[str, Any], *, item: AgendaItem | None = None
) -> None:
    """Refuse ids that are not there, or of another event or organiser (security.md row 5).

    Raises:
        Invalid: ``unknown-id`` for each of them; ``circular`` for a block of itself.
    """
    errors = []
    for name in (*OF_EVENT, *OF_ORGANISER):
        wanted = values.get(name)
        if wanted is not None and not _is_there(session, event, name, wanted):
            errors.append(FieldError(f"/{name}", "unknown-id", "There is no such thing here"))
    if item is not None and values.get("block_id") == item.id:
        errors.append(FieldError("/block_id", "circular", "An item is no part of itself"))
    if errors:
        raise Invalid(errors)


def _is_there(session: Session, event: Event, name: str, wanted: str) -> bool:
    if name in OF_EVENT:
        model = OF_EVENT[name]
        statement = select(model.id).where(model.event_id == event.id, model.id == wanted)
    else:
        owned = OF_ORGANISER[name]
        statement = select(owned.id).where(
            owned.organiser_id == event.organiser_id, owned.id == wanted
        )
    return session.scalar(statement) is not None
