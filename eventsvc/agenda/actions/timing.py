"""When an item takes place: wall time and zone kept, instants derived (design law 7)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from eventsvc.agenda.models import AgendaItem
from eventsvc.agenda.policy import CANCELLED, Occupied, Span, span_errors, who_clashes
from eventsvc.agenda.queries import occupied_persons, occupied_rooms, speakers_of
from eventsvc.core.errors import Conflict, Invalid
from eventsvc.core.text import ValueRefused
from eventsvc.events.models import Event
from eventsvc.events.policy import instant_of, wall_of, zone_of

GIVEN = ("starts_at", "ends_at")


def span_of(thing: AgendaItem | Event) -> Span | None:
    """Its times as a plain value; None where it has none."""
    if thing.starts_at is None or thing.ends_at is None:
        return None
    return Span(thing.starts_at, thing.ends_at)


def set_times(event: Event, item: AgendaItem, values: Mapping[str, Any]) -> None:
    """Put ``starts_at``, ``ends_at`` (instants or None) and ``timezone`` into ``item``.

    A new zone alone keeps the wall times. ``day`` follows from the start once the event has dates.

    Raises:
        Invalid: one time without the other, an event without zone, clocks that skip or repeat
            the time, or a rule of api.md §5.
    """
    if "timezone" in values:
        item.zone = values["timezone"]
    walls = {"starts_at": item.starts_wall, "ends_at": item.ends_wall}
    for name in GIVEN:
        if name in values:
            walls[name] = _wall(event, item, name, values[name])
    place(event, item, walls["starts_at"], walls["ends_at"])
    for name in GIVEN:
        if values.get(name) is not None and values[name] != getattr(item, name):
            detail = "Clocks show this time twice; only the first of them can be kept"
            raise Invalid.field(f"/{name}", "ambiguous-time", detail)
    check_span(event, item)
    _set_day(event, item, values.get("day"))


def _wall(event: Event, item: AgendaItem, name: str, given: datetime | None) -> datetime | None:
    if given is None:
        return None
    if item.zone is None and event.timezone is None:
        raise Invalid.field(f"/{name}", "zone-missing", "First give the event a time zone")
    return wall_of(given, item.zone or zone_of(event))


def place(event: Event, item: AgendaItem, starts: datetime | None, ends: datetime | None) -> None:
    """Set both wall times of an item and derive its instants.

    Raises:
        Invalid: one without the other, or a time that clocks skip.
    """
    if (starts is None) != (ends is None):
        pointer = "/ends_at" if ends is None else "/starts_at"
        raise Invalid.field(pointer, "both-times", "Give both start and end, or neither")
    zone = item.zone or zone_of(event)
    item.starts_wall, item.ends_wall = starts, ends
    for name, wall in (("starts_at", starts), ("ends_at", ends)):
        try:
            instant = None if wall is None else instant_of(wall, zone)
        except ValueRefused as refusal:
            raise Invalid.field(f"/{name}", refusal.code, refusal.detail) from refusal
        setattr(item, name, instant)


def check_span(event: Event, item: AgendaItem) -> None:
    """Refuse times that an item cannot have (api.md §5).

    Raises:
        Invalid: end before start, too long, or outside the event.
    """
    span = span_of(item)
    if span is None:
        return
    errors = span_errors(span, kind=item.kind, item_type=item.type, event_span=span_of(event))
    if errors:
        raise Invalid(errors)


def _set_day(event: Event, item: AgendaItem, given: int | None) -> None:
    number_day(event, item)
    if given is not None and given != item.day:
        raise Invalid.field("/day", "day-mismatch", f"It starts on day {item.day} of the event")


def number_day(event: Event, item: AgendaItem) -> None:
    """Set the day of a timed item: 1 is the first day of the event, 0 the day before."""
    if item.starts_wall is not None and event.starts_wall is not None:
        item.day = (item.starts_wall.date() - event.starts_wall.date()).days + 1


def check_clashes(session: Session, event: Event, item: AgendaItem) -> None:
    """Refuse a double use of the item's room or speakers (api.md §2).

    Raises:
        Conflict: ``room-conflict`` or ``speaker-conflict``.
    """
    span = span_of(item)
    if span is None or item.state == CANCELLED:
        return
    if item.room_id is not None:
        wanted = [Occupied(item.id, span, item.room_id, item.block_id)]
        taken = occupied_rooms(session, event, [item.room_id])
        refuse_clash("room-conflict", "The room is taken at this time.", wanted, taken)
    persons = {role.person_id for role in speakers_of(session, event, item.id)}
    if persons:
        taken = occupied_persons(session, event, persons)
        wanted = [one for one in taken if one.item_id == item.id]
        refuse_clash("speaker-conflict", "A speaker is elsewhere at this time.", wanted, taken)


def refuse_clash(code: str, detail: str, wanted: list[Occupied], taken: list[Occupied]) -> None:
    """Refuse when something in ``taken`` is in the way of ``wanted``.

    Raises:
        Conflict: with ``code`` and the ids of the items in the way.
    """
    found = who_clashes(wanted, taken)
    if found:
        raise Conflict(code, f"{detail} Choose another.", conflicts_with=found)
