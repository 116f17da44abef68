"""Lists of series and editions: filters and sorts (api.md §4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import Select

from eventsvc.core.errors import NotFound
from eventsvc.core.ids import is_id
from eventsvc.events.models import Event, Series

EVENT_SORTS: dict[str, Any] = {
    "sort_on": Event.sort_on,
    "starts_at": Event.starts_at,
    "title": Event.title,
    "created_at": Event.created_at,
}
SERIES_SORTS: dict[str, Any] = {"name": Series.name, "created_at": Series.created_at}
# in order of time: by day, then by the clock; what has no date at all comes last (seed facts)
IN_TIME = "sort_on,starts_at"


def in_series(series_id: str) -> ColumnElement[bool]:
    """Whether an edition is of this series."""
    return Event.series_id == series_id


def with_filters(statement: Select[Event], filters: Mapping[str, Any]) -> Select[Event]:
    """Editions that pass the filters of a list: state, series, country and so on."""
    for name, column in (("state", Event.state), ("country", Event.country)):
        if filters.get(name):
            statement = statement.where(column.in_(filters[name]))
    if filters.get("series_id"):
        statement = statement.where(Event.series_id.in_(filters["series_id"]))
    if filters.get("parent_id"):
        statement = statement.where(Event.parent_id == filters["parent_id"])
    if "recorded" in filters:
        statement = statement.where(Event.recorded.is_(filters["recorded"]))
    if "top_level" in filters:
        is_top = Event.parent_id.is_(None) if filters["top_level"] else Event.parent_id.is_not(None)
        statement = statement.where(is_top)
    if filters.get("starts_from"):
        statement = statement.where(Event.starts_at >= filters["starts_from"])
    if filters.get("starts_before"):
        statement = statement.where(Event.starts_at < filters["starts_before"])
    if filters.get("q"):
        statement = statement.where(_says(filters["q"]))
    return statement


def _says(text: str) -> ColumnElement[bool]:
    columns = (Event.title, Event.theme, Event.city, Event.region)
    return or_(*(column.icontains(text, autoescape=True) for column in columns))


def with_words(statement: Select[Series], q: str | None) -> Select[Series]:
    """Series whose name or short name contains ``q``."""
    if not q:
        return statement
    columns = (Series.name, Series.short_name)
    return statement.where(or_(*(column.icontains(q, autoescape=True) for column in columns)))


def due_for_clock(session: Session, now: Any, limit: int) -> list[str]:
    """Ids of editions that the clock has to start or to end at ``now``, oldest first."""
    starts = (Event.state == "published") & (Event.starts_at <= now)
    ends = (Event.state == "running") & (Event.ends_at <= now)
    statement = select(Event.id).where(starts | ends).order_by(Event.starts_at, Event.id)
    return list(session.scalars(statement.limit(limit)))


def particulars_of(kind: type[Any], owner: Event | Series) -> Select[Any]:
    """Venues, figures, awards, links, key messages, roles or relations of an edition or series."""
    column = kind.event_id if isinstance(owner, Event) else kind.series_id
    return select(kind).where(column == owner.id)


def particular(session: Session, kind: type[Any], owner: Event | Series, thing_id: str) -> Any:
    """One of them, looked up under its owner (api.md §1: another event's is not there).

    Raises:
        NotFound: there is none under this owner, or the id is malformed.
    """
    if not is_id(thing_id):
        raise NotFound
    found = session.scalars(particulars_of(kind, owner).where(kind.id == thing_id)).one_or_none()
    if found is None:
        raise NotFound
    return found
