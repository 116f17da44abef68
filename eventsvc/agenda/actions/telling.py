"""Telling what changed: to who promised to come, and to who reads the programme."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from eventsvc.agenda.actions.timing import span_of
from eventsvc.agenda.models import AgendaItem
from eventsvc.agenda.policy import (
    CANCELLED,
    ItemCapacityChanged,
    ItemChanged,
    ItemMoved,
    Span,
)
from eventsvc.agenda.queries import has_public_programme
from eventsvc.core import config
from eventsvc.events.models import Event
from eventsvc.facts.actions import tell


@dataclass(frozen=True)
class Before:
    """What an item was before a change."""

    span: Span | None
    places: int | None


def before(item: AgendaItem) -> Before:
    """What others must be told about when it changes."""
    return Before(span_of(item), item.places)


def about(event: Event, item: AgendaItem, now: datetime) -> dict[str, Any]:
    """The members that every fact of an item has."""
    return {
        "at": now,
        "subject_id": item.id,
        "organiser_id": event.organiser_id,
        "event_id": event.id,
        "item_kind": item.kind,
    }


def tell_changes(
    session: Session,
    event: Event,
    item: AgendaItem,
    was: Before,
    *,
    allow_over: bool = False,
    now: datetime,
) -> None:
    """Tell who promised to come, or waits for a seat, what changed (delivery.md §4, api.md §9)."""
    facts = about(event, item, now)
    if item.places != was.places:
        tell(session, ItemCapacityChanged(allow_over_capacity=allow_over, **facts))
    span = span_of(item)
    if span == was.span:
        return
    far = starts_elsewhere(was.span, span)
    item.starts_rev += int(far)
    session.flush()
    moved = ItemMoved(
        old_start=was.span.starts_at if was.span else None,
        old_end=was.span.ends_at if was.span else None,
        new_start=item.starts_at,
        new_end=item.ends_at,
        starts_rev=item.starts_rev,
        reminders_move=far,
        **facts,
    )
    tell(session, moved)


def starts_elsewhere(old: Span | None, new: Span | None) -> bool:
    """Whether reminders move: the start moved by ``reminder_move_threshold`` or more."""
    if old is None or new is None:
        return True
    least = timedelta(seconds=config.current().reminder_move_threshold)
    moved = abs(new.starts_at - old.starts_at)
    return moved > timedelta() and moved >= least


def seen(event: Event, item: AgendaItem) -> dict[str, Any]:
    """What guests see of an item, as JSON values; empty while it is hidden (delivery.md §4)."""
    if not item.visible or not has_public_programme(event):
        return {}
    times = [moment and moment.isoformat() for moment in (item.starts_at, item.ends_at)]
    return {
        "title": item.title,
        "room": item.room.name if item.room else None,
        "time": times,
        "mode": item.mode,
        "cancelled": item.state == CANCELLED,
    }


def tell_seen(
    session: Session,
    event: Event,
    item: AgendaItem,
    was: dict[str, Any],
    *,
    whom: str | None,
    now: datetime,
) -> None:
    """Tell what guests see differently than before (``was``, of :func:`seen`).

    ``whom``: ``nobody``, ``hit`` or ``all``; None leaves it to the event.
    """
    after = seen(event, item)
    changes = {name: [was[name], after[name]] for name in was if was[name] != after.get(name)}
    if was and after and changes:
        fact = ItemChanged(
            at=now,
            subject_id=item.id,
            organiser_id=event.organiser_id,
            event_id=event.id,
            item_kind=item.kind,
            changes=changes,
            whom=whom,
        )
        tell(session, fact)
