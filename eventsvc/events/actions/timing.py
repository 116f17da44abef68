"""Dates of an edition as rows: what is known, the order it makes, and what a move tells."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventsvc.core.errors import Conflict, Invalid
from eventsvc.events.actions.names import check_events
from eventsvc.events.models import Event
from eventsvc.events.policy import (
    BEFORE_PUBLICATION,
    DATE_FIELDS,
    KEEP_WALL_TIME,
    LIVE,
    Dates,
    EventMoved,
    EventZoneChanged,
    decide_dates,
    last_day,
    sort_day,
    too_far_outside,
)
from eventsvc.facts.actions import tell

MOVE_THRESHOLD = timedelta(minutes=5)
LONGEST_CHAIN = 20


def dates_of(event: Event) -> Dates:
    """What a row knows of its dates, as a plain value."""
    return Dates(**{field.name: getattr(event, field.name) for field in fields(Dates)})


def set_dates(session: Session, event: Event, values: dict[str, Any]) -> None:
    """Put the dates sent in ``values`` into ``event``, with its place in the order.

    Raises:
        Invalid: a rule of dates (``policy.decide_dates``), or too far outside the parent.
        Conflict: ``event-incomplete``: a live edition would lose its dates.
    """
    given = {name: values[name] for name in DATE_FIELDS if name in values}
    dates = decide_dates(dates_of(event), given)
    if event.state in LIVE and dates.date_precision != "day":
        raise Conflict("event-incomplete", "Postpone it first: it is published with dates.")
    parent = session.get(Event, event.parent_id) if event.parent_id else None
    if parent is not None and too_far_outside(dates, dates_of(parent)):
        raise Invalid.field("/starts_at", "outside-parent", "At most 3 days outside its parent")
    for name, value in asdict(dates).items():
        setattr(event, name, value)


def set_predecessor(session: Session, event: Event, before_event_id: str | None) -> None:
    """Say that ``event`` comes before another one (order only).

    Raises:
        Invalid: another organiser's event, or a circle.
    """
    seen, at = {event.id}, before_event_id
    if at is not None:
        check_events(session, event.organiser_id, {"/before_event_id": at})
    while at is not None:
        if at in seen or len(seen) > LONGEST_CHAIN:
            raise Invalid.field("/before_event_id", "circular-order", "It would precede itself")
        seen.add(at)
        at = session.scalar(select(Event.before_event_id).where(Event.id == at))
    event.before_event_id = before_event_id


def sort_again(session: Session, event: Event) -> None:
    """Place ``event`` in the order of time, and then whoever is only known to precede it."""
    waiting = [event]
    while waiting:
        placed = waiting.pop()
        day = sort_day(dates_of(placed), before_event=_day_of(session, placed.before_event_id))
        if placed is event or day != placed.sort_on:
            placed.sort_on = day
            session.flush()
            before = select(Event).where(Event.before_event_id == placed.id)
            waiting.extend(session.scalars(before))


def _days_moved(old: Dates, new: Dates) -> int:
    """Days by which the whole edition moved; 0 where it was only made longer or shorter."""
    if old.starts_wall is None or new.starts_wall is None:
        return 0
    days = (new.starts_wall.date() - old.starts_wall.date()).days
    was, now = last_day(old), last_day(new)
    together = was is not None and now is not None and (now - was).days == days
    return days if together else 0


def _day_of(session: Session, event_id: str | None) -> date | None:
    if event_id is None:
        return None
    return session.scalar(select(Event.sort_on).where(Event.id == event_id))


def tell_moves(
    session: Session, event: Event, old: Dates, keep: str | None, *, now: datetime, least: timedelta
) -> None:
    """Tell the rooms above that the zone or the start changed (delivery.md §2, §4).

    ``starts_rev`` rises only for a move of ``least`` or more; smaller ones keep reminders.
    """
    start, before = event.starts_at, old.starts_at
    moved = start != before and (before is not None or event.state not in BEFORE_PUBLICATION)
    far = start is None or before is None or abs(start - before) >= least
    if moved and far:
        event.starts_rev += 1
    session.flush()
    about = {"subject_id": event.id, "organiser_id": event.organiser_id, "event_id": event.id}
    if event.timezone != old.timezone and old.timezone is not None:
        rezoned = EventZoneChanged(
            at=now,
            old_zone=old.timezone,
            new_zone=event.timezone,
            keep=keep or KEEP_WALL_TIME,
            **about,
        )
        tell(session, rezoned)
    if moved:
        told = EventMoved(
            at=now,
            old_start=before,
            new_start=start,
            starts_rev=event.starts_rev,
            reminders_move=far,
            days=_days_moved(old, dates_of(event)),
            **about,
        )
        tell(session, told)
