"""What visits do when the agenda tells something, and what they render before each commit."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventsvc.agenda.actions import surroundings_of
from eventsvc.agenda.policy import VISIT, ItemMoved
from eventsvc.agenda.queries import touched_by, touched_items
from eventsvc.core import clock
from eventsvc.core.db import shown_changes
from eventsvc.events.models import Event
from eventsvc.events.policy import EventCopied, EventZoneChanged
from eventsvc.events.queries import lock_event
from eventsvc.visits.actions import copy_visits, shift_stops, show_visits
from eventsvc.visits.models import Bus, Stop, Visit
from eventsvc.visits.queries import visits_with_buses


def on_item_moved(session: Session, fact: ItemMoved) -> None:
    """Departures follow the start of their visit."""
    if fact.item_kind != VISIT or fact.old_start is None or fact.new_start is None:
        return
    event = lock_event(session, fact.event_id or "")
    for visit in visits_with_buses(session, event, [fact.subject_id]):
        shift_stops(session, event, visit, fact.new_start - fact.old_start, now=fact.at)


def on_event_copied(session: Session, fact: EventCopied) -> None:
    """A new edition takes visits, buses and ways of the one that it was made after."""
    source = session.get_one(Event, fact.source_id)
    copy_visits(session, source, session.get_one(Event, fact.subject_id), now=fact.at)


def on_event_zone_changed(session: Session, fact: EventZoneChanged) -> None:
    """Wall times of departures are those of the new zone; the agenda moved their instants."""
    event = lock_event(session, fact.subject_id)
    ids = session.scalars(select(Visit.id).where(Visit.event_id == event.id))
    for visit in visits_with_buses(session, event, ids):
        shift_stops(session, event, visit, timedelta(), now=fact.at)


def render_changed(session: Session) -> None:
    """Finisher: store the calendar texts of visits and departures that this transaction changed."""
    changes = list(shown_changes(session).values())
    if not changes:
        return
    visits, gone = _touched_visits(session, changes)
    touched = touched_by(session, changes)
    now = clock.now(session)
    for event_id in sorted({*touched.event_ids(), *visits}):
        event = touched.events.get(event_id) or session.get(Event, event_id)
        if event is None:
            continue
        also = visits.get(event_id, set())
        items = touched_items(session, event, touched, VISIT, also=also)
        lost = gone.get(event_id, set())
        if not items and not lost:
            continue
        rows = visits_with_buses(session, event, [item.id for item in items])
        around = surroundings_of(session, event)
        show_visits(session, around, items, rows, lost_buses=lost, now=now)


def _touched_visits(
    session: Session, changes: list[object]
) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """By event: the visits touched by themselves, their buses or stops; the buses taken out."""
    visits: dict[str, set[str]] = {}
    gone: dict[str, set[str]] = {}
    of_stops = {thing.bus_id for thing in changes if isinstance(thing, Stop)}
    buses = set(session.scalars(select(Bus).where(Bus.id.in_(of_stops)))) if of_stops else set()
    for thing in changes:
        if isinstance(thing, Visit):
            visits.setdefault(thing.event_id, set()).add(thing.id)
        elif isinstance(thing, Bus):
            buses.add(thing)
    for bus in buses:
        visits.setdefault(bus.event_id, set()).add(bus.visit_id)
        if bus not in session:
            gone.setdefault(bus.event_id, set()).add(bus.id)
    return visits, gone
