"""Questions about stored calendar items and the revisions of what shows them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import exists, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import Select

from eventsvc.ical.models import CalendarEntry, CalendarScope

PUBLIC_KINDS = ("item", "banner")  # departures of buses stand in personal feeds only


def entries_of(
    session: Session, owner_kind: str, owner_ids: Iterable[str]
) -> dict[str, CalendarEntry]:
    """The entries of these owners by owner id, removed ones too, in one query."""
    wanted = set(owner_ids)
    if not wanted:
        return {}
    statement = select(CalendarEntry).where(
        CalendarEntry.owner_kind == owner_kind, CalendarEntry.owner_id.in_(wanted)
    )
    return {entry.owner_id: entry for entry in session.scalars(statement)}


def was_shown(session: Session, owner_kind: str, owner_id: str) -> bool:
    """Whether this owner ever stood in a calendar."""
    owned = (CalendarEntry.owner_kind == owner_kind, CalendarEntry.owner_id == owner_id)
    return bool(session.scalar(select(exists().where(*owned))))


def any_shown(session: Session, owner_kind: str, scope_id: str) -> bool:
    """Whether anything of this kind in an event ever stood in a calendar."""
    owned = (CalendarEntry.owner_kind == owner_kind, CalendarEntry.scope_id == scope_id)
    return bool(session.scalar(select(exists().where(*owned))))


def public_entries(scope_id: str) -> Select[CalendarEntry]:
    """The entries that the public feed of an event shows, without order."""
    return select(CalendarEntry).where(
        CalendarEntry.scope_id == scope_id,
        CalendarEntry.owner_kind.in_(PUBLIC_KINDS),
        CalendarEntry.removed_at.is_(None),
    )


def series_entries(series_id: str) -> Select[CalendarEntry]:
    """The entries of all editions of a series that public feeds show, without order."""
    return select(CalendarEntry).where(
        CalendarEntry.series_id == series_id,
        CalendarEntry.owner_kind.in_(PUBLIC_KINDS),
        CalendarEntry.removed_at.is_(None),
    )


def scope_of(session: Session, scope_id: str) -> CalendarScope | None:
    """The revision of what is shown of an event or series; None before anything was."""
    statement = select(CalendarScope).where(CalendarScope.scope_id == scope_id)
    return session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
