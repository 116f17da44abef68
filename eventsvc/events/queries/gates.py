"""The gates: the only ways to a series or an edition (design law 9)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import bindparam, exists, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import Select

from eventsvc.accounts.queries import organiser_for, reach
from eventsvc.core.db import seen
from eventsvc.core.errors import Invalid, NotFound
from eventsvc.core.ids import is_id
from eventsvc.core.rights import Actor
from eventsvc.events.models import Event, Series

WITHOUT_SERIES = "-"
"""What stands for the series in public addresses of an event without one (editions.md §1.1)."""


def events_of(actor: Actor) -> Select[Event]:
    """The editions that the actor may see: of its organisers, series, or single ones."""
    where = {"organiser": Event.organiser_id, "series": Event.series_id, "event": Event.id}
    return select(Event).where(reach(actor, **where))


def event_for(session: Session, actor: Actor, event_id: str) -> Event:
    """The edition, if the actor may see it.

    Raises:
        NotFound: there is none, it is another's, or the id is malformed.
    """
    if not is_id(event_id):
        raise NotFound
    asked = (Event, event_id, actor.everywhere, frozenset(actor.seen))
    known = seen(session).get(asked)
    if isinstance(known, Event) and known in session:  # the gate asked before the view
        return known
    statement, names = _one_event(actor, event_id)
    found = session.scalars(statement, names).one_or_none()
    if found is None:
        raise NotFound
    seen(session)[asked] = found
    return found


def _one_event(actor: Actor, event_id: str) -> tuple[Select[Event], dict[str, Any]]:
    """What asks for an edition. The usual statements are built once: every call asks one."""
    grants = actor.seen
    if actor.everywhere:
        return _EVENT, {"id": event_id}
    if len(grants) == 1 and grants[0].whole and not grants[0].everywhere:
        return _EVENT_OF, {"id": event_id, "organiser_id": grants[0].organiser_id}
    return events_of(actor).where(Event.id == event_id), {}


_EVENT = select(Event).where(Event.id == bindparam("id"))
_EVENT_OF = _EVENT.where(Event.organiser_id == bindparam("organiser_id"))


def lock_event(session: Session, event_id: str) -> Event:
    """The edition with its row locked until the transaction ends (api.md §9.6).

    The one lock of seats, promises and meetings. ``FOR NO KEY UPDATE`` on PostgreSQL, so that
    inserts of children do not wait; on SQLite the writing transaction already holds the database.

    Raises:
        NotFound: there is none, or the id is malformed.
    """
    if not is_id(event_id):
        raise NotFound
    statement = select(Event).where(Event.id == event_id).with_for_update(key_share=True)
    fresh = statement.execution_options(populate_existing=True)
    found = session.scalars(fresh).one_or_none()
    if found is None:
        raise NotFound
    return found


def event_gate(session: Session, actor: Actor, path: Mapping[str, str]) -> Actor:
    """Let through who may see the edition of the path, with what it may do there.

    Raises:
        NotFound: as :func:`event_for`.
    """
    event = event_for(session, actor, path["event_id"])
    return actor.at(event.organiser_id, event.series_id, event.id)


def series_of(actor: Actor) -> Select[Series]:
    """The series that the actor may see; who works for one event sees the series of that event."""
    found = reach(actor, organiser=Series.organiser_id, series=Series.id)
    events = {grant.event_id for grant in actor.seen if grant.event_id is not None}
    if events:
        theirs = select(Event.series_id).where(
            Event.id.in_(events),
            reach(actor, organiser=Event.organiser_id, series=Event.series_id, event=Event.id),
        )
        found = or_(found, Series.id.in_(theirs))
    return select(Series).where(found)


def series_for(session: Session, actor: Actor, series_id: str) -> Series:
    """The series, if the actor may see it.

    Raises:
        NotFound: there is none, it is another's, or the id is malformed.
    """
    if not is_id(series_id):
        raise NotFound
    found = session.scalars(series_of(actor).where(Series.id == series_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def organiser_named(session: Session, actor: Actor, organiser_id: str | None) -> str:
    """The organiser that a new series or event shall belong to: named, or the actor's own.

    Raises:
        Invalid: none is named and the actor has none, or it is another's.
    """
    wanted = organiser_id or actor.organiser_id
    if wanted is None:
        raise Invalid.field("/organiser_id", "required", "Say for which organiser")
    try:
        return organiser_for(session, actor, wanted).id
    except NotFound:
        detail = "There is no such organiser"
        raise Invalid.field("/organiser_id", "unknown-organiser", detail) from None


def series_gate(session: Session, actor: Actor, path: Mapping[str, str]) -> Actor:
    """Let through who may see the series of the path, with what it may do there.

    Who works for one event of the series may read it, and no more: what it may do in its event
    is judged at its event.

    Raises:
        NotFound: as :func:`series_for`.
    """
    series = series_for(session, actor, path["series_id"])
    found = actor.at(series.organiser_id, series.id)
    if found.places:
        return found
    wanted = {grant.event_id for grant in actor.seen if grant.event_id is not None}
    of_series = select(Event.id).where(Event.id.in_(wanted), Event.series_id == series.id)
    events = set(session.scalars(of_series))
    return actor.where(lambda grant: grant.event_id in events)


def public_events() -> Select[Event]:
    """The editions with a public page: once announced, in whatever state (api.md §6).

    ``announced_at`` is set by the first step to announced or beyond; an edition that was
    cancelled as a mere idea never gets a public page.
    """
    return select(Event).where(Event.announced_at.is_not(None))


def series_public() -> Select[Series]:
    """The series with a public page: those with at least one announced edition."""
    shown = exists().where(Event.series_id == Series.id, Event.announced_at.is_not(None))
    return select(Series).where(shown)


def public_series(session: Session, slug: str) -> Series:
    """The series that the public knows under ``slug``.

    Raises:
        NotFound: there is none, or none of its editions was announced.
    """
    found = session.scalars(series_public().where(Series.slug == slug)).one_or_none()
    if found is None:
        raise NotFound
    return found


def public_event(session: Session, series_slug: str, event_slug: str) -> Event:
    """The edition that the public knows under these slugs; series ``-``: one without series.

    Raises:
        NotFound: there is none, or it was not announced.
    """
    names = {"series_slug": series_slug, "event_slug": event_slug}
    statement = _public_event(alone=series_slug == WITHOUT_SERIES)
    found = session.scalars(statement, names).one_or_none()
    if found is None:
        raise NotFound
    return found


@cache
def _public_event(*, alone: bool) -> Select[Event]:
    statement = public_events().where(Event.slug == bindparam("event_slug"))
    if alone:
        return statement.where(Event.series_id.is_(None))
    of_series = select(Series.id).where(Series.slug == bindparam("series_slug"))
    return statement.where(Event.series_id.in_(of_series))
