"""How the agenda follows its event: into another zone, to another day (api.md §5)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from eventsvc.agenda.actions.telling import Before, before, tell_changes
from eventsvc.agenda.actions.timing import number_day, place, span_of
from eventsvc.agenda.models import AgendaItem
from eventsvc.agenda.policy import inside, room_left
from eventsvc.agenda.queries import programme
from eventsvc.core.errors import Conflict
from eventsvc.events.models import Event
from eventsvc.events.policy import wall_of, zone_of


def follow_zone(session: Session, event: Event, *, keep_instant: bool, now: datetime) -> None:
    """Derive the times of all items without a zone of their own anew.

    ``keep_instant``: their wall times follow; else the clocks in the new zone show the old ones.

    Raises:
        Invalid: a wall time that clocks in the new zone skip.
    """
    for item, was in _timed(session, event):
        if item.zone is not None:
            continue
        walls = [item.starts_wall, item.ends_wall]
        if keep_instant and item.starts_at and item.ends_at:
            walls = [wall_of(moment, zone_of(event)) for moment in (item.starts_at, item.ends_at)]
        place(event, item, *walls)
        tell_changes(session, event, item, was, now=now)


def follow_start(session: Session, event: Event, *, days: int, now: datetime) -> None:
    """Move all timed items by whole days, as the event was, and look whether they still fit.

    An event that begins an hour earlier leaves its sessions where they are.

    Raises:
        Conflict: ``items-outside-event`` with those that would lie outside.
    """
    items = _timed(session, event)
    step = timedelta(days=days)
    for item, was in items:
        if days and item.starts_wall and item.ends_wall:
            place(event, item, item.starts_wall + step, item.ends_wall + step)
        number_day(event, item)
        tell_changes(session, event, item, was, now=now)
    outer = span_of(event)
    if outer is None:
        return
    spans = [(item, span_of(item)) for item, _ in items]
    lost = [
        item.id
        for item, span in spans
        if span is not None and not inside(span, outer, room_left(item.kind, item.type))
    ]
    if lost:
        raise Conflict(
            "items-outside-event", "Move these items first.", conflicts_with=sorted(lost)
        )


def _timed(session: Session, event: Event) -> list[tuple[AgendaItem, Before]]:
    items = [item for item in programme(session, event) if item.starts_at is not None]
    return [(item, before(item)) for item in items]
