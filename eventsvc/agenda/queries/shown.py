"""What the public and calendars see, and what of it a transaction has touched."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventsvc.agenda.models import AgendaItem, Room, SpeakerRole, Track
from eventsvc.agenda.queries.items import belonging, items_of, with_particulars
from eventsvc.core.errors import NotFound
from eventsvc.events.models import Event, Series, Venue


def is_called_off(event: Event) -> bool:
    """Whether the event was cancelled, also when it has been archived since."""
    return event.state == "cancelled" or (event.state == "archived" and event.completed_at is None)


def has_public_programme(event: Event) -> bool:
    """Whether the programme is public: once published, or recorded for the archive."""
    return event.first_published_at is not None or event.recorded


def refuse_hidden_programme(event: Event) -> None:
    """Refuse to show a programme that is not public yet (api.md §6).

    Raises:
        NotFound: the event was not published.
    """
    if not has_public_programme(event):
        raise NotFound


class Touched:
    """What one transaction touched, by event: ids of items, or everything of an event."""

    def __init__(self) -> None:
        self.items: dict[str, set[str]] = {}
        self.rooms: dict[str, set[str]] = {}
        self.tracks: dict[str, set[str]] = {}
        self.events: dict[str, Event | None] = {}
        self.series: set[str] = set()

    def note(self, thing: Any) -> None:
        """Take in one changed row."""
        if isinstance(thing, AgendaItem):
            self.items.setdefault(thing.event_id, set()).add(thing.id)
        elif isinstance(thing, SpeakerRole) and thing.item_id is not None:
            self.items.setdefault(thing.event_id, set()).add(thing.item_id)
        elif isinstance(thing, Room):
            self.rooms.setdefault(thing.event_id, set()).add(thing.id)
        elif isinstance(thing, Track):
            self.tracks.setdefault(thing.event_id, set()).add(thing.id)
        elif isinstance(thing, Venue):
            self.events.setdefault(thing.event_id, None)
        elif isinstance(thing, Event):
            self.events[thing.id] = thing
        elif isinstance(thing, Series):
            self.series.add(thing.id)

    def event_ids(self) -> list[str]:
        """The events with something touched, in a fixed order."""
        return sorted({*self.items, *self.rooms, *self.tracks, *self.events})


def touched_by(session: Session, changes: Iterable[Any]) -> Touched:
    """What these changed rows touch; a series touches all of its editions, by its slug."""
    touched = Touched()
    for thing in changes:
        touched.note(thing)
    if touched.series:
        statement = select(Event).where(Event.series_id.in_(touched.series))
        for event in session.scalars(statement):
            touched.events.setdefault(event.id, event)
    return touched


def touched_items(
    session: Session, event: Event, touched: Touched, kind: str, *, also: Iterable[str] = ()
) -> list[AgendaItem]:
    """The visible items of one kind that a transaction touched, with all that is shown of them.

    Visible items never become hidden again, so hidden ones are in no calendar.
    """
    statement = items_of(event, kind).where(AgendaItem.visible.is_(True))
    if event.id not in touched.events:
        ids = {*touched.items.get(event.id, ()), *also}
        rooms = touched.rooms.get(event.id, set())
        tracks = touched.tracks.get(event.id, set())
        statement = statement.where(
            AgendaItem.id.in_(ids) | AgendaItem.room_id.in_(rooms) | AgendaItem.track_id.in_(tracks)
        )
    loaded = with_particulars(statement, "room", "track", "speakers").execution_options(
        populate_existing=True
    )
    items = list(session.scalars(loaded))
    belonging(event, items)
    return items
