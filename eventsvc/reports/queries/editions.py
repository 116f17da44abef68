"""A series edition by edition, in three queries (reports.md §2.14)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from eventsvc.events.models import Event, Series
from eventsvc.registration.models import Registration
from eventsvc.registration.policy import HOLDING
from eventsvc.reports.queries.surroundings import dates_of, stated
from eventsvc.reports.summary import series_summary


def trends(session: Session, series: Series) -> dict[str, Any]:
    """The editions of a series with stated and counted figures apart, sums and gaps.

    Synthetic events and side events are left out.
    """
    return series_summary(_editions(session, Event.series_id == series.id))


def series_so_far(session: Session, event: Event) -> dict[str, Any] | None:
    """The same up to this event; None for an event without series, date, or real guests."""
    if event.series_id is None or event.synthetic or event.parent_id or event.sort_on is None:
        return None
    until = or_(
        Event.sort_on < event.sort_on,
        and_(Event.sort_on == event.sort_on, Event.id == event.id),
    )
    return series_summary(_editions(session, and_(Event.series_id == event.series_id, until)))


def next_edition(session: Session, event: Event) -> dict[str, Any] | None:
    """The next announced edition of the series that is loaded, or None."""
    if event.series_id is None or event.sort_on is None:
        return None
    statement = (
        select(Event)
        .where(
            Event.series_id == event.series_id,
            Event.parent_id.is_(None),
            Event.announced_at.is_not(None),
            Event.synthetic.is_(event.synthetic),
            Event.sort_on > event.sort_on,
        )
        .order_by(Event.sort_on, Event.id)
        .limit(1)
    )
    found = session.scalars(statement).first()
    if found is None:
        return None
    return {"title": found.title, "city": found.city, "dates": dates_of(found)}


def _editions(session: Session, wanted: ColumnElement[bool]) -> list[dict[str, Any]]:
    statement = (
        select(Event)
        .where(wanted, Event.parent_id.is_(None), Event.synthetic.is_(False))
        .order_by(Event.sort_on.is_(None), Event.sort_on, Event.starts_at, Event.id)
    )
    events = list(session.scalars(statement))
    figures = stated(session, [event.id for event in events])
    counts = _counted(session, [event.id for event in events])
    return [
        {
            "event_id": event.id,
            "slug": event.slug,
            "title": event.title,
            "edition": event.edition,
            "edition_derived": event.edition_derived,
            "state": event.state,
            "dates": dates_of(event),
            "stated": figures[event.id],
            "counted": counts.get(event.id, {}),
        }
        for event in events
    ]


def _counted(session: Session, event_ids: list[str]) -> dict[str, dict[str, int | None]]:
    """Event id → places held and guests who came (None: not recorded); no registrations: none."""
    rows = session.execute(
        select(Registration.event_id, Registration.state, func.count())
        .where(Registration.event_id.in_(event_ids))
        .group_by(Registration.event_id, Registration.state)
    )
    states: dict[str, dict[str, int]] = {}
    for event_id, state, count in rows:
        states.setdefault(event_id, {})[state] = count
    return {
        event_id: {
            "registrations.total": sum(found.get(state, 0) for state in HOLDING),
            "participants.attended": found.get("attended", 0)
            if {"attended", "no_show"} & found.keys()
            else None,
        }
        for event_id, found in states.items()
    }
