"""What sessions and visits have in common: added, changed, taken to another state, removed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from eventsvc.agenda.actions.references import check_references
from eventsvc.agenda.actions.telling import Before, about, before, seen, tell_changes, tell_seen
from eventsvc.agenda.actions.timing import check_clashes, set_times
from eventsvc.agenda.models import AgendaItem, Room
from eventsvc.agenda.policy import (
    CANCELLED,
    ItemCancelled,
    ItemRemoved,
    check_step,
)
from eventsvc.agenda.queries import item_for, next_position
from eventsvc.audit.actions import record
from eventsvc.core.errors import Conflict
from eventsvc.core.rights import Actor
from eventsvc.events.models import Event
from eventsvc.events.policy import refuse_archived
from eventsvc.events.queries import lock_event
from eventsvc.facts.actions import tell
from eventsvc.ical.queries import was_shown

TIMES = frozenset({"starts_at", "ends_at", "timezone", "day"})
NOT_COLUMNS = TIMES - {"day"} | {"allow_over_capacity", "tell"}
NO_FIELDS = frozenset({"allow_over_capacity", "tell"})


def add_item(
    session: Session,
    actor: Actor,
    event: Event,
    kind: str,
    values: Mapping[str, Any],
    *,
    now: datetime,
) -> AgendaItem:
    """Add a planned, hidden item; ``values``: columns, ``starts_at``/``ends_at`` as instants,
    ``timezone`` for a zone of its own. Untimed items need none; ``position`` is the next one.

    Raises:
        Invalid: a rule of times, or an id that is not of this event.
        Conflict: ``archived``, ``room-conflict``.
    """
    event = lock_event(session, event.id)
    refuse_archived(event.state)
    check_references(session, event, values)
    values = _plain(values)
    columns = {name: value for name, value in values.items() if name not in NOT_COLUMNS}
    position = columns.pop("position", None)
    item = AgendaItem(event_id=event.id, kind=kind, created_at=now, **columns)
    set_committed_value(item, "event", event)
    set_times(event, item, values)
    item.position = next_position(session, event, item.day) if position is None else position
    session.add(item)
    session.flush()
    set_committed_value(item, "speakers", [])
    _know_room(session, item)
    check_clashes(session, event, item)
    record(session, actor, f"{kind}.added", item, now=now)
    return item


def change_item(
    session: Session,
    actor: Actor,
    event: Event,
    item: AgendaItem,
    values: Mapping[str, Any],
    *,
    now: datetime,
) -> AgendaItem:
    """Change an item; ``values`` holds only what changes. A visible item is live at once.

    ``tell`` in ``values`` says whom: ``nobody``, ``hit``, ``all``; else the event does.

    Raises:
        Invalid: as :func:`add_item`.
        Conflict: ``archived``, ``room-conflict``, ``speaker-conflict``, ``published-item`` when an
            item in calendars would lose its times, or what a listener says.
    """
    event = lock_event(session, event.id)
    refuse_archived(event.state)
    check_references(session, event, values, item=item)
    values = _plain(values)
    _know_room(session, item)
    was, was_seen = before(item), seen(event, item)
    fields = sorted(values.keys() - NO_FIELDS)
    for name in fields:
        if name not in NOT_COLUMNS:
            setattr(item, name, values[name])
    if TIMES & values.keys() or "type" in values:
        set_times(event, item, values)
    _keep_in_calendar(session, item, was)
    session.flush()
    _know_room(session, item)
    check_clashes(session, event, item)
    allow_over = bool(values.get("allow_over_capacity"))
    tell_changes(session, event, item, was, allow_over=allow_over, now=now)
    tell_seen(session, event, item, was_seen, whom=values.get("tell"), now=now)
    record(session, actor, f"{item.kind}.changed", item, now=now, changes={"fields": fields})
    return item


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with points as plain JSON: their deadlines are days."""
    points = [
        {name: part.isoformat() if isinstance(part, date) else part for name, part in point.items()}
        for point in values.get("points", ())
    ]
    return {**values, "points": points} if points else dict(values)


def _know_room(session: Session, item: AgendaItem) -> None:
    room = session.get(Room, item.room_id) if item.room_id else None
    set_committed_value(item, "room", room)


def _keep_in_calendar(session: Session, item: AgendaItem, was: Before) -> None:
    if was.span and item.starts_at is None and was_shown(session, "item", item.id):
        raise Conflict("published-item", "It stands in calendars: cancel it, or give it new times.")


def transition_item(
    session: Session,
    actor: Actor,
    event: Event,
    item: AgendaItem,
    to: str,
    *,
    now: datetime,
    reason: str | None = None,
    tell_whom: str | None = None,
) -> AgendaItem:
    """Take a session or visit to another state (api.md §7).

    ``tell_whom`` beside those with a seat: ``nobody``, ``hit``, ``all``; None: as the event says.

    Raises:
        TransitionNotAllowed: no such step; planned → confirmed is taken by a publication.
        Conflict: ``archived``; back from cancelled: ``room-conflict``, ``speaker-conflict``.
    """
    event = lock_event(session, event.id)
    refuse_archived(event.state)
    item = item_for(session, event, item.id, lock=True)
    _know_room(session, item)
    came_from, was_seen = item.state, seen(event, item)
    check_step(came_from, to)
    item.state = to
    item.state_reason = reason
    if to == CANCELLED:
        item.cancellations += 1
    session.flush()
    if to == CANCELLED:
        number = item.cancellations
        fact = ItemCancelled(reason=reason, number=number, **about(event, item, now))
        tell(session, fact)
    elif came_from == CANCELLED:
        check_clashes(session, event, item)
    tell_seen(session, event, item, was_seen, whom=tell_whom, now=now)
    record(
        session, actor, f"{item.kind}.{to}", item, now=now, changes={"from": came_from, "to": to}
    )
    return item


def remove_item(
    session: Session, actor: Actor, event: Event, item: AgendaItem, *, now: datetime
) -> None:
    """Delete an item that no calendar ever showed.

    Raises:
        Conflict: ``published-item``, ``archived``, or what a listener says.
    """
    event = lock_event(session, event.id)
    refuse_archived(event.state)
    if was_shown(session, "item", item.id):
        raise Conflict("published-item", "It was published: cancel it instead.")
    tell(session, ItemRemoved(**about(event, item, now)))
    record(session, actor, f"{item.kind}.removed", item, now=now)
    session.delete(item)
    session.flush()
