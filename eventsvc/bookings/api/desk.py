"""The doors of the desk: check in, undo (editions.md §6)."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from eventsvc.bookings import actions, queries, schemas
from eventsvc.bookings.models import CheckIn
from eventsvc.core import clock
from eventsvc.core.http import Door, actor, needs
from eventsvc.core.pages import ListQuery, Page, page
from eventsvc.registration.queries import photos_allowed

door = Door(
    "desk",
    __name__,
    url_prefix="/api/v1/events/<event_id>/check-ins",
    description="Who came, to the event and to its items",
)
SORTS = {"at": CheckIn.at}


@door.get("")
@needs("checkin", gate="event", limit="checkin")
@door.query(ListQuery)
@door.lists(schemas.CheckInOut, sort=tuple(SORTS))
def list_check_ins(session: Session, query: dict[str, Any], event_id: str) -> Page:
    """Standing check-ins of an event."""
    found = page(session, queries.check_ins(event_id), query, sorts=SORTS, default="-at")
    return Page(_rows(session, found.items), found.next_cursor, found.total)


@door.post("")
@needs("checkin", gate="event", limit="checkin")
@door.body(schemas.CheckInBody)
@door.writes(201, schemas.CheckInOut)
def check_in(session: Session, body: dict[str, Any], event_id: str) -> Any:
    """Check somebody in by code."""
    made = actions.check_in(session, actor(), event_id, body, now=clock.now(session))
    return _rows(session, [made])[0]


@door.delete("/<check_in_id>")
@needs("checkin", gate="event", limit="checkin")
@door.writes(204)
def undo_check_in(session: Session, event_id: str, check_in_id: str) -> None:
    """Undo a check-in."""
    actions.undo_check_in(session, actor(), event_id, check_in_id, now=clock.now(session))


def _rows(session: Session, found: Any) -> list[Any]:
    allowed = photos_allowed(session, {made.registration.participant_id for made in found})
    return [
        schemas.shown_check_in(made, photo_allowed=made.registration.participant_id in allowed)
        for made in found
    ]
