"""Questions about the ways between venues and stops, and who has too little time for them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.sql import Select

from eventsvc.agenda.models import AgendaItem, Room
from eventsvc.agenda.policy import CANCELLED, VISIT, Span
from eventsvc.core.errors import NotFound
from eventsvc.core.ids import is_id
from eventsvc.core.rights import Actor
from eventsvc.events.models import Event, Venue
from eventsvc.events.queries import events_of
from eventsvc.visits.models import Bus, Stop, TravelTime
from eventsvc.visits.policy import LONGEST_WAY, Distances, Stay, too_near

TRAVEL_SORTS: dict[str, Any] = {
    "created_at": TravelTime.created_at,
    "minutes": TravelTime.minutes,
}


def travel_times_of(actor: Actor, organiser_id: str) -> Select[TravelTime]:
    """The travel times of an organiser's events that the actor may see, without order."""
    seen = events_of(actor).where(Event.organiser_id == organiser_id).with_only_columns(Event.id)
    return select(TravelTime).where(
        TravelTime.organiser_id == organiser_id, TravelTime.event_id.in_(seen)
    )


def travel_time_for(
    session: Session, actor: Actor, organiser_id: str, travel_time_id: str
) -> TravelTime:
    """The travel time of this organiser, if the actor may see its event.

    Raises:
        NotFound: there is none, it is another's, or the id is malformed.
    """
    if not is_id(travel_time_id):
        raise NotFound
    wanted = travel_times_of(actor, organiser_id).where(TravelTime.id == travel_time_id)
    found = session.scalars(wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def travel_filtered(statement: Select[Any], filters: dict[str, Any]) -> Select[Any]:
    """Travel times of some events, or that touch some places; a filter given twice means or."""
    if filters.get("event_id"):
        statement = statement.where(TravelTime.event_id.in_(filters["event_id"]))
    for name in ("venue_id", "stop_id"):
        if filters.get(name):
            start, end = (getattr(TravelTime, f"{end}_{name}") for end in ("from", "to"))
            statement = statement.where(start.in_(filters[name]) | end.in_(filters[name]))
    return statement


def travel_rows(session: Session, event_id: str) -> list[TravelTime]:
    """All travel times of an event."""
    return list(session.scalars(select(TravelTime).where(TravelTime.event_id == event_id)))


def distances_of(session: Session, event: Event) -> Distances:
    """The ways between the places of an event; one statement."""
    rows = travel_rows(session, event.id)
    return Distances((*row.ends, row.minutes, row.one_way) for row in rows)


def stays_of(session: Session, event: Event, *, near: Span | None = None) -> list[Stay]:
    """The timed items of an event that are not cancelled, with their places; three statements.

    A session takes place in the venue of its room, else in the event's first one, as calendars
    say; what is online takes place nowhere. ``near``: only items a day around that span.
    """
    statement = select(
        AgendaItem.id, AgendaItem.kind, AgendaItem.mode, AgendaItem.starts_at,
        AgendaItem.ends_at, Room.venue_id,
    ).outerjoin(Room, Room.id == AgendaItem.room_id).where(
        AgendaItem.event_id == event.id,
        AgendaItem.state != CANCELLED,
        AgendaItem.starts_at.is_not(None),
    )  # fmt: skip
    if near is not None:
        statement = statement.where(
            AgendaItem.ends_at >= near.starts_at - LONGEST_WAY,
            AgendaItem.starts_at <= near.ends_at + LONGEST_WAY,
        )
    first = select(Venue.id).where(Venue.event_id == event.id).order_by(Venue.position, Venue.id)
    house = session.scalars(first.limit(1)).first()
    stops = _stops_by_visit(session, event)
    found = []
    for item_id, kind, mode, starts, ends, venue_id in session.execute(statement):
        places: Iterable[str] = filter(None, [venue_id or house])
        if (mode or event.mode) == "online":
            places = ()
        elif kind == VISIT:
            places = stops.get(item_id, ())
        if starts and ends:
            found.append(Stay(item_id, Span(starts, ends), frozenset(places)))
    return found


def _stops_by_visit(session: Session, event: Event) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    rows = select(Bus.visit_id, Stop.id).join(Stop, Stop.bus_id == Bus.id)
    for visit_id, stop_id in session.execute(rows.where(Bus.event_id == event.id)):
        found.setdefault(visit_id, []).append(stop_id)
    return found


def out_of_reach(
    session: Session,
    event: Event,
    item_id: str,
    starts_at: datetime | None,
    ends_at: datetime | None,
) -> dict[str, int]:
    """Items of the event from or to which there is too little time, with the minutes missing.

    One statement for an event without travel times, four for one that has some.
    """
    if starts_at is None or ends_at is None:
        return {}
    distances = distances_of(session, event)
    if not distances:
        return {}
    around = stays_of(session, event, near=Span(starts_at, ends_at))
    own = next((stay for stay in around if stay.item_id == item_id), None)
    if own is None:
        return {}
    found = (too_near(own, other, distances) for other in around)
    return {
        tight.then.item_id if tight.first.item_id == item_id else tight.first.item_id:
            tight.minutes_missing
        for tight in found
        if tight is not None
    }  # fmt: skip
