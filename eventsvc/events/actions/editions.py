"""Editions: added, changed, removed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from eventsvc.audit.actions import record
from eventsvc.core.errors import Conflict, Invalid
from eventsvc.core.ids import new_id
from eventsvc.core.rights import Actor
from eventsvc.events.actions.copies import copy_around, kept_settings, template_of
from eventsvc.events.actions.documents import discard_documents
from eventsvc.events.actions.names import (
    check_event_slug,
    check_events,
    slug_from,
    slugs_beside,
)
from eventsvc.events.actions.timing import (
    MOVE_THRESHOLD,
    dates_of,
    set_dates,
    set_predecessor,
    sort_again,
    tell_moves,
)
from eventsvc.events.models import Event, Series
from eventsvc.events.policy import (
    DATE_FIELDS,
    EventCapacityChanged,
    EventRemoved,
    check_owner,
    check_removable,
    refuse_archived,
)
from eventsvc.events.queries import lock_event
from eventsvc.facts.actions import tell

SETTABLE = (
    "title", "title_printed", "theme", "theme_printed", "description", "edition",
    "edition_printed", "edition_derived", "ordinal_in_country", "region", "city", "country",
    "mode", "mode_basis", "timezone_basis", "languages", "color", "synthetic", "stated_status",
    "registration_opens_at", "registration_closes_at", "cancel_until", "email_proof", "approval",
    "capacity", "capacity_on_site", "capacity_online", "waiting_list", "waiting_list_limit",
    "auto_promote_until", "promotion_ends", "offer_hours", "allow_overlaps",
    "register_during_event", "calendar_mail", "tell_default", "auto_release_days", "report_list",
    "join_url", "archive", "sources", "parent_relation",
)  # fmt: skip
CAPACITIES = ("capacity", "capacity_on_site", "capacity_online")


def add_event(
    session: Session, actor: Actor, organiser_id: str, values: dict[str, Any], *, now: datetime
) -> Event:
    """Add an edition in state idea; ``series_id`` in ``values`` puts it into a series.

    ``values`` uses the names of the API (editions.md §12); ``slug`` is made from the title where
    it is missing. ``copy_from`` names an edition whose settings, venues, organisations and
    agenda are taken where nothing else is said.

    Raises:
        Forbidden: the role is below series owner.
        Conflict: ``slug-taken``.
        Invalid: a rule of dates, or an id of another organiser.
    """
    check_owner(actor)
    source = template_of(session, actor, organiser_id, values.get("copy_from"))
    values = {**kept_settings(source), **values}
    series_id = values.get("series_id")
    _check_series(session, organiser_id, series_id)
    wished = values.get("slug")
    if wished:
        check_event_slug(session, wished, series_id)
    slug = wished or slug_from(session, values["title"], Event, slugs_beside(series_id))
    event = Event(
        id=new_id(), organiser_id=organiser_id, series_id=series_id, slug=slug, created_at=now,
        title=values["title"], state="idea", date_precision="none", all_day=False, starts_rev=0,
    )  # fmt: skip
    _set_plain(event, values)
    _set_parent(session, event, values)
    set_dates(session, event, values)
    if values.get("before_event_id"):
        set_predecessor(session, event, values["before_event_id"])
    session.add(event)
    sort_again(session, event)
    record(session, actor, "event.added", event, now=now)
    if source is not None:
        copy_around(session, actor, source, event, now=now)
    return event


def change_event(
    session: Session,
    actor: Actor,
    event: Event,
    values: dict[str, Any],
    *,
    now: datetime,
    move_threshold: timedelta = MOVE_THRESHOLD,
) -> Event:
    """Change an edition. Absent fields stay. Its row is locked (api.md §9.6).

    ``on_timezone_change`` and ``allow_over_capacity`` in ``values`` say how, and are not kept.

    Raises:
        Conflict: ``archived``, ``slug-taken``, ``event-incomplete``, or what a listener says
            (``capacity-below-confirmed``).
        Invalid: a rule of dates, or an id of another organiser.
    """
    event = lock_event(session, event.id)
    refuse_archived(event.state)
    old, places = dates_of(event), [getattr(event, name) for name in CAPACITIES]
    if values.get("slug", event.slug) != event.slug:
        check_event_slug(session, values["slug"], event.series_id)
        event.slug = values["slug"]
    if DATE_FIELDS & values.keys():
        set_dates(session, event, values)
    _set_plain(event, values)
    _set_parent(session, event, values)
    if "before_event_id" in values:
        set_predecessor(session, event, values["before_event_id"])
    if (DATE_FIELDS | {"before_event_id"}) & values.keys():
        sort_again(session, event)
    keep = values.get("on_timezone_change")
    tell_moves(session, event, old, keep, now=now, least=move_threshold)
    if places != [getattr(event, name) for name in CAPACITIES]:
        _tell_capacity(session, event, allow=bool(values.get("allow_over_capacity")), now=now)
    record(session, actor, "event.changed", event, now=now, changes={"fields": sorted(values)})
    return event


def remove_event(session: Session, actor: Actor, event: Event, *, now: datetime) -> None:
    """Delete an edition that was never published and that nothing else needs (api.md §6).

    Raises:
        Forbidden: the role is below series owner.
        Conflict: ``event-not-removable``, ``event-in-use`` (registrations, side events), or what
            a listener says.
    """
    check_owner(actor)
    refuse_archived(event.state)
    check_removable(event.state)
    about = {"subject_id": event.id, "organiser_id": event.organiser_id, "event_id": event.id}
    tell(session, EventRemoved(at=now, **about))
    record(session, actor, "event.removed", event, now=now)
    following = update(Event).where(Event.before_event_id == event.id)
    session.execute(following.values(before_event_id=None))
    session.flush()
    try:
        with session.begin_nested():
            discard_documents(session, event)
            session.delete(event)
    except IntegrityError as error:
        raise Conflict(
            "event-in-use", "Registrations or side events still belong to it."
        ) from error


def _check_series(session: Session, organiser_id: str, series_id: str | None) -> None:
    if series_id is None:
        return
    owned = select(Series.id).where(Series.id == series_id, Series.organiser_id == organiser_id)
    if session.scalars(owned).first() is None:
        raise Invalid.field("/series_id", "unknown-series", "There is no such series")


def _set_plain(event: Event, values: dict[str, Any]) -> None:
    for name in SETTABLE:
        if name in values:
            setattr(event, name, values[name])
    opens, closes = event.registration_opens_at, event.registration_closes_at
    if opens is not None and closes is not None and closes <= opens:
        raise Invalid.field("/registration_closes_at", "before-start", "It closes before it opens")


def _set_parent(session: Session, event: Event, values: dict[str, Any]) -> None:
    if "parent_id" not in values or values["parent_id"] == event.parent_id:
        return
    parent_id = values["parent_id"]
    if parent_id is not None:
        check_events(session, event.organiser_id, {"/parent_id": parent_id})
        above = session.scalar(select(Event.parent_id).where(Event.id == parent_id))
        below = session.scalars(select(Event.id).where(Event.parent_id == event.id)).first()
        if parent_id == event.id or above is not None or below is not None:
            detail = "A side event has a main event above it and nothing below"
            raise Invalid.field("/parent_id", "nested-parent", detail)
    event.parent_id = parent_id


def _tell_capacity(session: Session, event: Event, *, allow: bool, now: datetime) -> None:
    event.over_capacity = allow
    session.flush()
    about = {"subject_id": event.id, "organiser_id": event.organiser_id, "event_id": event.id}
    tell(session, EventCapacityChanged(at=now, allow_over_capacity=allow, **about))
