"""What calendars show of an event: its items and its banner (calendar.md §3, rule 21)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from eventsvc.agenda.actions.surroundings import (
    Place,
    Surroundings,
    categories_of,
    description_of,
    geo_of,
    in_common,
    location_of,
    venue_line,
)
from eventsvc.agenda.models import AgendaItem
from eventsvc.agenda.policy import CANCELLED as ITEM_CANCELLED
from eventsvc.agenda.policy import PLANNED, join_url_of
from eventsvc.agenda.queries import has_public_programme, is_called_off
from eventsvc.core.ids import new_id
from eventsvc.events.models import Event
from eventsvc.events.policy import zone_of
from eventsvc.ical.actions import store_all
from eventsvc.ical.models import CalendarEntry
from eventsvc.ical.policy import CANCELLED, CONFIRMED, TENTATIVE, CalendarItem
from eventsvc.ical.queries import entries_of


def show_items(
    session: Session,
    around: Surroundings,
    items: Sequence[AgendaItem],
    *,
    now: datetime,
    places: Mapping[str, Place] | None = None,
) -> int:
    """Store what calendars show of these items, their room, track and speakers loaded.

    Returns how many entries changed. ``places``: where visits meet, by item id.
    """
    known = entries_of(session, "item", [item.id for item in items])
    shown = {}
    for item in items:
        uid = known[item.id].uid if item.id in known else new_id()
        place = (places or {}).get(item.id)
        shown[item.id] = calendar_item(around, item, uid=uid, place=place)
    return store_all(
        session,
        owner_kind="item",
        scope_id=around.event.id,
        series_id=around.event.series_id,
        items=shown,
        now=now,
    )


def calendar_item(
    around: Surroundings, item: AgendaItem, *, uid: str, place: Place | None = None
) -> CalendarItem | None:
    """An item as a VEVENT; None for what has no times, is hidden, or of no published event."""
    event = around.event
    public = has_public_programme(event) and item.visible
    if not public or item.starts_wall is None or item.ends_wall is None:
        return None
    at_venue = place is None and item.mode != "online"
    page = f"{around.page}#{item.id}"
    return CalendarItem(
        **in_common(around, uid, item.title, page, status_of(event, item)),
        starts=item.starts_wall,
        ends=item.ends_wall,
        zone=item.timezone,
        location=location_of(around, item, place),
        geo=geo_of(around.venue_of(item.room)) if at_venue else None,
        description=description_of(event, item),
        categories=categories_of(item),
        related_to=((around.banner_uid, "PARENT"),) if around.banner_uid else (),
        join_url=join_url_of(item.mode, item.join_url, event.join_url),
    )


def status_of(event: Event, item: AgendaItem) -> str:
    """STATUS of an item (rule 16): planned, or of a postponed event, is TENTATIVE."""
    if item.state == ITEM_CANCELLED or is_called_off(event):
        return CANCELLED
    return TENTATIVE if item.state == PLANNED or event.state == "postponed" else CONFIRMED


def show_banner(
    session: Session, around: Surroundings, *, now: datetime, gone: bool = False
) -> Surroundings:
    """Store the all-day bar of an event (rule 21); returns the surroundings with its UID.

    ``gone``: the event was deleted; who has its banner is told that it is cancelled.
    """
    event = around.event
    entry = entries_of(session, "banner", [event.id]).get(event.id)
    item = _banner(around, entry, gone=gone)
    store_all(
        session,
        owner_kind="banner",
        scope_id=event.id,
        series_id=event.series_id,
        items={event.id: item},
        now=now,
    )
    return replace(around, banner_uid=item.uid) if item else around


def _banner(
    around: Surroundings, entry: CalendarEntry | None, *, gone: bool
) -> CalendarItem | None:
    event = around.event
    days = _days(event)
    lost = days is None  # a date that was known is known no more
    if days is None and entry is not None:
        days = (_day(entry.starts_at), _day(entry.ends_at))
    if days is None or event.announced_at is None:
        return None
    status = CANCELLED if gone or (lost and event.state != "postponed") else _banner_status(event)
    uid = entry.uid if entry else new_id()
    venue = around.venue_of(None)
    return CalendarItem(
        **in_common(around, uid, event.title, around.page, status),
        starts=days[0],
        ends=days[1],
        zone=zone_of(event),
        location=venue_line(around, venue),
        geo=geo_of(venue),
        description=event.theme or event.description,
    )


def _banner_status(event: Event) -> str:
    if is_called_off(event):
        return CANCELLED
    tentative = event.state in ("announced", "draft", "postponed")
    return TENTATIVE if tentative else CONFIRMED


def _days(event: Event) -> tuple[date, date] | None:
    """First day and day after the last; 24:00 belongs to the day that ends."""
    if event.date_precision != "day" or event.starts_wall is None or event.ends_wall is None:
        return None
    last = (event.ends_wall - timedelta(seconds=1)).date()
    return event.starts_wall.date(), last + timedelta(days=1)


def _day(midnight: datetime) -> date:
    # half a day on, an instant of midnight lies in its own day in UTC, east and west
    return (midnight + timedelta(hours=12)).date()
