"""What stands around an edition, read in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import Select

from eventsvc.events.models import (
    Award,
    Event,
    EventDocument,
    EventPage,
    Figure,
    KeyMessage,
    Link,
    Series,
    Venue,
)
from eventsvc.events.policy import PUBLIC, Dates, last_day
from eventsvc.events.queries.documents import documents_seen, pages_seen, with_documents
from eventsvc.events.queries.named import column_names, credit_of, credited, relations_of

MOST_SHOWN = 200
"""Documents, and pages, that the public page of an edition shows; the list has them all."""


def shown(event: Event) -> dict[str, Any]:
    """Every column of an edition, with the days of an all-day span."""
    columns = {name: getattr(event, name) for name in column_names(Event)}
    days: dict[str, Any] = {"starts_on": None, "ends_on": None}
    if event.all_day and event.starts_wall is not None:
        ends = last_day(Dates(ends_wall=event.ends_wall))
        days = {"starts_on": event.starts_wall.date(), "ends_on": ends}
    return {**columns, **days}


def children_of(session: Session, event: Event, *, public: bool = False) -> list[Event]:
    """Side events and matchmaking under an edition, in order of time."""
    return list(session.scalars(_children(public=public), {"parent_id": event.id}))


@cache
def _children(*, public: bool) -> Select[Event]:
    statement = select(Event).where(Event.parent_id == bindparam("parent_id"))
    if public:
        statement = statement.where(Event.announced_at.is_not(None))
    return statement.order_by(Event.sort_on.is_(None), Event.sort_on, Event.title, Event.id)


def loaded_neighbours(session: Session, event: Event) -> dict[str, Event | None]:
    """The loaded editions of the series just before and after, which need not be consecutive.

    ``previous_loaded`` and ``next_loaded``; never to be shown as "the previous edition", because
    editions may be missing in the data (seed facts, inconsistency 3).
    """
    if event.series_id is None or event.sort_on is None:
        return {"previous_loaded": None, "next_loaded": None}
    beside = select(Event).where(Event.series_id == event.series_id, Event.parent_id.is_(None))
    same_day = Event.sort_on == event.sort_on
    before = or_(Event.sort_on < event.sort_on, and_(same_day, Event.id < event.id))
    after = or_(Event.sort_on > event.sort_on, and_(same_day, Event.id > event.id))
    down = (Event.sort_on.desc(), Event.id.desc())
    return {
        "previous_loaded": session.scalars(beside.where(before).order_by(*down).limit(1)).first(),
        "next_loaded": session.scalars(
            beside.where(after).order_by(Event.sort_on, Event.id).limit(1)
        ).first(),
    }


@cache
def _in_order(kind: type[Any]) -> Select[Any]:
    mine = kind.event_id == bindparam("event_id")
    return select(kind).where(mine).order_by(kind.position, kind.id)


def _organisations(session: Session, event: Event) -> dict[str, Any]:
    found = credited(session, event.id)
    return {"organisations": found, "credit_line": credit_of(found)}


def _relations(session: Session, event: Event) -> dict[str, Any]:
    return {
        "relations": relations_of(session, event.id),
        **loaded_neighbours(session, event),
    }


def _side_events(session: Session, event: Event) -> dict[str, Any]:
    parent = session.get(Event, event.parent_id) if event.parent_id else None
    return {"parent": parent, "side_events": children_of(session, event)}


def _rows(name: str, kind: Any) -> Callable[[Session, Event], dict[str, Any]]:
    def read(session: Session, event: Event) -> dict[str, Any]:
        return {name: list(session.scalars(_in_order(kind), {"event_id": event.id}))}

    return read


EXPANSIONS: dict[str, Callable[[Session, Event], dict[str, Any]]] = {
    "organisations": _organisations,
    "relations": _relations,
    "side_events": _side_events,
    "venues": _rows("venues", Venue),
    "figures": _rows("figures", Figure),
    "awards": _rows("awards", Award),
    "links": _rows("links", Link),
    "key_messages": _rows("key_messages", KeyMessage),
}


def expanded(session: Session, event: Event, names: Sequence[str]) -> dict[str, Any]:
    """An edition with some of :data:`EXPANSIONS`; one or two queries for each."""
    answer = shown(event)
    for name in names:
        answer |= EXPANSIONS[name](session, event)
    return answer


def public_page(session: Session, event: Event) -> dict[str, Any]:
    """Everything that the public page of an edition shows, in ten to twelve queries."""
    series = session.get(Series, event.series_id) if event.series_id else None
    parent = session.get(Event, event.parent_id) if event.parent_id else None
    names = ("organisations", "venues", "figures", "awards", "links", "key_messages")
    pages = list(session.scalars(_first(pages_seen(event, [PUBLIC]), EventPage)))
    return {
        **expanded(session, event, names),
        "series": series,
        "parent": parent if parent is not None and parent.announced_at is not None else None,
        "side_events": children_of(session, event, public=True),
        "relations": relations_of(session, event.id, public=True),
        "documents": list(session.scalars(_first(documents_seen(event, [PUBLIC]), EventDocument))),
        "pages": with_documents(session, event, pages, [PUBLIC]),
    }


def _first(statement: Select[Any], kind: type[Any]) -> Select[Any]:
    return statement.order_by(kind.position, kind.id).limit(MOST_SHOWN)


def public_series_page(session: Session, series: Series) -> dict[str, Any]:
    """The public page of a series: itself and its announced editions in order of time."""
    columns = {name: getattr(series, name) for name in column_names(Series)}
    editions = select(Event).where(
        Event.series_id == series.id, Event.announced_at.is_not(None), Event.parent_id.is_(None)
    )
    ordered = editions.order_by(Event.sort_on.is_(None), Event.sort_on, Event.starts_at, Event.id)
    return {**columns, "events": list(session.scalars(ordered))}


def warnings_for(session: Session, event: Event) -> list[dict[str, str]]:
    """What an organiser should still look at, though nothing forbids the step (api.md §7)."""
    if event.state not in ("published", "running") or event.mode == "online":
        return []
    venue = select(Venue.id).where(Venue.event_id == event.id).limit(1)
    if session.scalars(venue).first() is not None:
        return []
    return [{"code": "venue-missing", "detail": "No venue is entered for this event yet."}]
