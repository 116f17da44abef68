"""Questions about sessions and visits: the gate, and the programme in its one order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.sql import Select

from eventsvc.agenda.models import AgendaItem, SpeakerRole
from eventsvc.core.errors import NotFound
from eventsvc.core.ids import is_id
from eventsvc.events.models import Event


def items_of(event: Event, kind: str | None = None) -> Select[AgendaItem]:
    """The agenda items of an event, without order; ``kind``: ``session``, ``visit``, None: both."""
    statement = select(AgendaItem).where(AgendaItem.event_id == event.id)
    return statement if kind is None else statement.where(AgendaItem.kind == kind)


def item_for(
    session: Session, event: Event, item_id: str, kind: str | None = None, *, lock: bool = False
) -> AgendaItem:
    """The item of this event with its event and room, so that ``places`` and ``timezone`` answer.

    ``lock``: read anew, for callers who have just taken the event's lock.

    Raises:
        NotFound: there is none, it is another event's or of another kind, or the id is malformed.
    """
    if not is_id(item_id):
        raise NotFound
    statement = items_of(event, kind).where(AgendaItem.id == item_id)
    statement = statement.options(joinedload(AgendaItem.room))
    if lock:
        statement = statement.execution_options(populate_existing=True)
    found = session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    belonging(event, [found])
    return found


def belonging(event: Event, items: Iterable[AgendaItem]) -> None:
    """Tell items which event they belong to, so that ``item.event`` asks no database."""
    for item in items:
        set_committed_value(item, "event", event)


def with_particulars(statement: Select[AgendaItem], *names: str) -> Select[AgendaItem]:
    """The select with ``room``, ``track`` and ``speakers`` loaded as asked."""
    ways: dict[str, Any] = {
        "room": joinedload(AgendaItem.room),
        "track": joinedload(AgendaItem.track),
        "speakers": selectinload(AgendaItem.speakers),
    }
    return statement.options(*(ways[name] for name in names if name in ways))


def programme(
    session: Session, event: Event, *, shown_only: bool = False, loaded: bool = True
) -> list[AgendaItem]:
    """Sessions and visits in one order: by day, timed ones by start, then untimed by position.

    ``shown_only``: what the public may see. ``loaded``: with room, track and speakers.
    """
    statement = items_of(event)
    if shown_only:
        statement = statement.where(AgendaItem.visible.is_(True))
    if loaded:
        statement = with_particulars(statement, "room", "track", "speakers")
    items = list(session.scalars(statement))
    belonging(event, items)
    return sorted(items, key=programme_order)


def programme_order(item: AgendaItem) -> tuple[Any, ...]:
    """Sort key of the programme (editions.md §1.4); unknown days come last."""
    start = None if item.starts_at is None else item.starts_at.timestamp()
    return (
        item.day is None,
        item.day or 0,
        start is None,
        start or 0.0,
        item.position,
        item.id,
    )


def next_position(session: Session, event: Event, day: int | None) -> int:
    """The position after the last one of the day (or among items without a day)."""
    same_day = AgendaItem.day.is_(None) if day is None else AgendaItem.day == day
    last = session.scalar(
        select(func.max(AgendaItem.position)).where(AgendaItem.event_id == event.id, same_day)
    )
    return (last or 0) + 1


def speakers_of(session: Session, event: Event, item_id: str | None = None) -> list[SpeakerRole]:
    """Roles of one item, or of the whole event: those without an item first, then by position."""
    statement = select(SpeakerRole).where(SpeakerRole.event_id == event.id)
    if item_id is not None:
        statement = statement.where(SpeakerRole.item_id == item_id)
    order = (SpeakerRole.item_id.is_not(None), SpeakerRole.position, SpeakerRole.id)
    return list(session.scalars(statement.order_by(*order)))
