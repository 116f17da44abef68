"""Travel times between venues and stops: added, changed, removed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventsvc.audit.actions import record
from eventsvc.core.errors import Conflict, FieldError, Forbidden, Invalid
from eventsvc.core.rights import Actor
from eventsvc.events.models import Event, Venue
from eventsvc.events.policy import refuse_archived
from eventsvc.events.queries import events_of, lock_event
from eventsvc.visits.models import Stop, TravelTime
from eventsvc.visits.queries import travel_rows

PLACES: dict[str, type[Venue] | type[Stop]] = {"venue_id": Venue, "stop_id": Stop}
ENDS = ("from", "to")
SCOPE = "agenda:write"


def add_travel_time(
    session: Session, actor: Actor, organiser_id: str, values: Mapping[str, Any], *, now: datetime
) -> TravelTime:
    """Add the minutes between two places of one event: ``from_venue_id`` or ``from_stop_id``,
    ``to_venue_id`` or ``to_stop_id``, ``minutes``, ``one_way``, ``note``.

    Raises:
        Invalid: an end without or with two places, an unknown one, places of two events, or the
            same place twice.
        Forbidden: the actor may see the event, but not change its agenda.
        Conflict: ``travel-time-exists``, ``archived``.
    """
    event_id = _event_of(session, actor, organiser_id, values)
    event = lock_event(session, event_id)
    if not actor.at(event.organiser_id, event.series_id, event.id).may(SCOPE):
        # the gate let in whoever may write somewhere in the organiser; this is one event of it
        raise Forbidden("Your role at this event does not allow this.", required_scope=SCOPE)
    refuse_archived(event.state)
    made = TravelTime(organiser_id=organiser_id, event_id=event_id, created_at=now, **values)
    _refuse_second(session, made, one_way=bool(values.get("one_way")))
    session.add(made)
    session.flush()
    record(session, actor, "travel-time.added", made, now=now, changes={"minutes": made.minutes})
    return made


def _event_of(session: Session, actor: Actor, organiser_id: str, values: Mapping[str, Any]) -> str:
    """The event of both ends, which the actor may see (security.md row 5)."""
    errors, found, places = [], {}, []
    for end in ENDS:
        given = {name: values.get(f"{end}_{name}") for name in PLACES}
        told = [(name, place) for name, place in given.items() if place is not None]
        if len(told) != 1:
            detail = "Give either a venue or a bus stop"
            errors.append(FieldError(f"/{end}_venue_id", "one-of", detail))
            continue
        ((name, place),) = told
        model = PLACES[name]
        seen = events_of(actor).where(Event.organiser_id == organiser_id)
        wanted = select(model.event_id).where(
            model.id == place, model.event_id.in_(seen.with_only_columns(Event.id))
        )
        event_id = session.scalar(wanted)
        if event_id is None:
            errors.append(FieldError(f"/{end}_{name}", "unknown-id", "There is no such place"))
        else:
            found[f"/{end}_{name}"] = event_id
            places.append(place)
    if len(set(found.values())) > 1:
        pointer = list(found)[1]
        errors.append(FieldError(pointer, "other-event", "Both places must be of one event"))
    elif len(places) == len(ENDS) and len(set(places)) == 1:
        errors.append(FieldError(list(found)[1], "same-place", "From one place to another"))
    if errors:
        raise Invalid(errors)
    return next(iter(found.values()))


def _refuse_second(session: Session, made: TravelTime, *, one_way: bool) -> None:
    """Under the event lock: one row for a way, and one for both ways."""
    for row in travel_rows(session, made.event_id):
        if row.id == made.id or row.one_way != one_way:
            continue
        if row.ends == made.ends or (not one_way and row.ends == made.ends[::-1]):
            detail = "This way has its minutes: change them."
            raise Conflict("travel-time-exists", detail, conflicts_with=[row.id])


def change_travel_time(
    session: Session, actor: Actor, row: TravelTime, values: Mapping[str, Any], *, now: datetime
) -> TravelTime:
    """Change minutes, direction or note; who booked already keeps the seats.

    Raises:
        Conflict: ``travel-time-exists``, ``archived``.
    """
    event = lock_event(session, row.event_id)
    refuse_archived(event.state)
    changed = sorted(name for name, value in values.items() if getattr(row, name) != value)
    if "one_way" in changed:
        _refuse_second(session, row, one_way=values["one_way"])
    for name in changed:
        setattr(row, name, values[name])
    session.flush()
    record(session, actor, "travel-time.changed", row, now=now, changes={"fields": changed})
    return row


def remove_travel_time(session: Session, actor: Actor, row: TravelTime, *, now: datetime) -> None:
    """Forget a travel time.

    Raises:
        Conflict: ``archived``.
    """
    event = lock_event(session, row.event_id)
    refuse_archived(event.state)
    record(session, actor, "travel-time.removed", row, now=now)
    session.delete(row)
    session.flush()
