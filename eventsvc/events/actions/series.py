"""Series: the verbs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventsvc.audit.actions import record
from eventsvc.core.errors import Conflict
from eventsvc.core.rights import Actor
from eventsvc.events.actions.names import (
    check_organisations,
    check_series_slug,
    slug_from,
)
from eventsvc.events.models import Event, Series
from eventsvc.events.policy import check_owner

SETTABLE = (
    "name", "short_name", "aliases", "description", "languages", "color", "run_by_id",
    "interval_years", "archive", "sources",
)  # fmt: skip


def add_series(
    session: Session, actor: Actor, organiser_id: str, values: dict[str, Any], *, now: datetime
) -> Series:
    """Add a series of an organiser. ``slug`` is made from the name where it is missing.

    Raises:
        Forbidden: the role is below series owner, or the credential is for one event.
        Conflict: ``slug-taken`` (series slugs are unique in the installation).
        Invalid: ``run_by_id`` is no organisation of the organiser.
    """
    check_owner(actor)
    wished = values.get("slug")
    slug = wished or slug_from(session, values["name"], Series)
    if wished:
        check_series_slug(session, slug)
    if values.get("run_by_id"):
        check_organisations(session, organiser_id, {"/run_by_id": values["run_by_id"]})
    told = {name: values[name] for name in SETTABLE if name in values}
    series = Series(organiser_id=organiser_id, slug=slug, created_at=now, **told)
    session.add(series)
    session.flush()
    record(session, actor, "series.added", series, now=now)
    return series


def change_series(
    session: Session, actor: Actor, series: Series, values: dict[str, Any], *, now: datetime
) -> Series:
    """Change a series. Absent fields stay.

    Raises:
        Forbidden: the role is below series owner, or the credential is for one event.
        Conflict: ``slug-taken``.
        Invalid: ``run_by_id`` is no organisation of the organiser.
    """
    check_owner(actor)
    if values.get("slug", series.slug) != series.slug:
        check_series_slug(session, values["slug"])
        series.slug = values["slug"]
    if values.get("run_by_id"):
        check_organisations(session, series.organiser_id, {"/run_by_id": values["run_by_id"]})
    for name in SETTABLE:
        if name in values:
            setattr(series, name, values[name])
    session.flush()
    record(session, actor, "series.changed", series, now=now, changes={"fields": sorted(values)})
    return series


def remove_series(session: Session, actor: Actor, series: Series, *, now: datetime) -> None:
    """Delete a series without editions (api.md §6).

    Raises:
        Forbidden: the role is below series owner, or the credential is for one event.
        Conflict: ``series-not-empty``.
    """
    check_owner(actor)
    editions = session.scalars(select(Event.id).where(Event.series_id == series.id)).all()
    if editions:
        raise Conflict("series-not-empty", "Delete its events first.", conflicts_with=editions[:20])
    record(session, actor, "series.removed", series, now=now)
    session.delete(series)
    session.flush()
