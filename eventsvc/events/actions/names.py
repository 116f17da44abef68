"""Slugs, and ids in bodies that must be of the same organiser."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from eventsvc.core.errors import Conflict, FieldError, Invalid
from eventsvc.core.text import search_key
from eventsvc.directory.models import Organisation, Person
from eventsvc.events.models import Event, Series

LONGEST_SLUG = 64


def slug_from(
    session: Session,
    name: str,
    kind: type[Series | Event],
    among: ColumnElement[bool] | None = None,
) -> str:
    """A free slug made from a name: ``Clusters meet Regions`` → ``clusters-meet-regions``.

    ``among``: which rows it must differ from; all of the kind where None.
    """
    plain = re.sub("[^a-z0-9]+", "-", search_key(name)).strip("-")
    stem = plain[: LONGEST_SLUG - 4].strip("-") or "event"
    statement = select(kind.slug).where(true() if among is None else among)
    taken = set(session.scalars(statement.where(kind.slug.startswith(stem))))
    if stem not in taken:
        return stem
    return next(f"{stem}-{n}" for n in range(2, len(taken) + 3) if f"{stem}-{n}" not in taken)


def check_series_slug(session: Session, slug: str) -> None:
    """Refuse a slug that another series has, of whatever organiser.

    Raises:
        Conflict: ``slug-taken``; a foreign series is not named.
    """
    if session.scalars(select(Series.id).where(Series.slug == slug)).first() is not None:
        raise Conflict("slug-taken", "Another series has this slug.")


def slugs_beside(series_id: str | None) -> ColumnElement[bool]:
    """The editions whose slugs must differ: of the series, or all without one (api.md §1)."""
    return Event.series_id.is_(None) if series_id is None else Event.series_id == series_id


def check_event_slug(session: Session, slug: str, series_id: str | None) -> None:
    """Refuse a slug that another edition of the series has, or another event without series.

    Raises:
        Conflict: ``slug-taken``.
    """
    statement = select(Event.id).where(Event.slug == slug, slugs_beside(series_id))
    taken = session.scalars(statement).first()
    if taken is not None:
        raise Conflict(
            "slug-taken",
            "Another event has this slug.",
            conflicts_with=[taken] if series_id else [],
        )


def check_organisations(session: Session, organiser_id: str, ids: Mapping[str, str]) -> None:
    """Refuse organisations that are not in the organiser's directory. ``ids``: pointer → id.

    Raises:
        Invalid: ``unknown-organisation`` for each.
    """
    _check_known(session, Organisation, organiser_id, ids, "organisation")


def check_persons(session: Session, organiser_id: str, ids: Mapping[str, str]) -> None:
    """Refuse persons that are not in the organiser's directory. ``ids``: pointer → id.

    Raises:
        Invalid: ``unknown-person`` for each.
    """
    _check_known(session, Person, organiser_id, ids, "person")


def check_events(session: Session, organiser_id: str, ids: Mapping[str, str]) -> None:
    """Refuse editions of another organiser. ``ids``: pointer → id.

    Raises:
        Invalid: ``unknown-event`` for each.
    """
    _check_known(session, Event, organiser_id, ids, "event")


def _check_known(
    session: Session,
    model: type[Organisation | Person | Event],
    organiser_id: str,
    ids: Mapping[str, str],
    word: str,
) -> None:
    statement = select(model.id).where(
        model.organiser_id == organiser_id, model.id.in_(set(ids.values()))
    )
    if model is not Event:  # an alias of another entry is none to link
        statement = statement.where(model.merged_into_id.is_(None))  # type: ignore[union-attr]
    known = set(session.scalars(statement))
    errors = [
        FieldError(pointer, f"unknown-{word}", f"There is no such {word}")
        for pointer, given in ids.items()
        if given not in known
    ]
    if errors:
        raise Invalid(errors)
