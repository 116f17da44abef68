"""What feeds are joined from: whom they are about, and the stored texts they hold.

Columns only, so that no object of the session can be older than its row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.sql import Select

from eventsvc.accounts.models import Organiser
from eventsvc.core.errors import NotFound
from eventsvc.events.models import Event, Series
from eventsvc.ical.models import CalendarEntry, CalendarScope
from eventsvc.ical.policy import StoredBlock
from eventsvc.registration.models import Participant

COLUMNS = (
    CalendarEntry.owner_kind,
    CalendarEntry.owner_id,
    CalendarEntry.uid,
    CalendarEntry.status,
    CalendarEntry.starts_at,
    CalendarEntry.zone,
    CalendarEntry.first_year,
    CalendarEntry.last_year,
    CalendarEntry.text,
    CalendarEntry.changed_at,
)
_SCOPE = (CalendarScope.revision, CalendarScope.changed_at)


@dataclass(frozen=True, kw_only=True)
class Subject:
    """Whom a feed is about, as it is now. ``revisions``: of the scope and of the participant.

    ``part``: of an edition, the folder and name that its address ends in (``tracks``, ``water``).
    """

    scope_id: str
    event_id: str | None = None
    person_id: str | None = None
    series_slug: str | None
    slug: str | None = None
    name: str
    theme: str | None = None
    zone: str
    languages: tuple[str, ...]
    color: str | None
    part: tuple[str, str] | None = None
    join_url: str | None = None
    revisions: tuple[int, int]
    changed_at: datetime


@dataclass(frozen=True)
class Timed:
    """One stored text: whose it is, its STATUS, and where online guests join."""

    owner_kind: str
    owner_id: str
    status: str
    block: StoredBlock
    join_url: str | None = None


def series_subject(session: Session, series_id: str) -> Subject:
    """The series as its feed shows it.

    Raises:
        NotFound: there is none.
    """
    row = session.execute(
        select(
            Series.slug,
            Series.name,
            Series.languages,
            Series.color,
            Series.created_at,
            Organiser.timezone,
            Organiser.language,
            CalendarScope.revision,
            CalendarScope.changed_at,
        )
        .join(Organiser, Organiser.id == Series.organiser_id)
        .outerjoin(CalendarScope, CalendarScope.scope_id == Series.id)
        .where(Series.id == series_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return Subject(
        scope_id=series_id,
        series_slug=row.slug,
        name=row.name,
        zone=row.timezone,
        languages=(*row.languages, row.language),
        color=row.color,
        revisions=(row.revision or 0, 0),
        changed_at=row.changed_at or row.created_at,
    )


def _events() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Event.slug,
            Event.title,
            Event.theme,
            Event.timezone,
            Event.languages,
            Event.color,
            Event.announced_at,
            Event.created_at,
            Series.slug.label("series_slug"),
            Series.color.label("series_color"),
            Organiser.timezone.label("organiser_zone"),
            Organiser.language,
            *_SCOPE,
        )
        .join(Organiser, Organiser.id == Event.organiser_id)
        .outerjoin(Series, Series.id == Event.series_id)
        .outerjoin(CalendarScope, CalendarScope.scope_id == Event.id)
    )


def _shown_of(row: Any) -> dict[str, Any]:
    return {
        "series_slug": row.series_slug,
        "slug": row.slug,
        "name": row.title,
        "theme": row.theme,
        "zone": row.timezone or row.organiser_zone,
        "color": row.color or row.series_color,
    }


def event_subject(session: Session, event_id: str) -> Subject:
    """The edition as its feed shows it.

    Raises:
        NotFound: there is none.
    """
    row = session.execute(_events().where(Event.id == event_id)).one_or_none()
    if row is None:
        raise NotFound
    return Subject(
        **_shown_of(row),
        scope_id=event_id,
        event_id=event_id,
        languages=(*row.languages, row.language),
        revisions=(row.revision or 0, 0),
        changed_at=row.changed_at or row.announced_at or row.created_at,
    )


def personal_subject(session: Session, participant_id: str) -> Subject:
    """The participant and the edition as the personal feed shows them.

    Raises:
        NotFound: there is none.
    """
    statement = _events().join(Participant, Participant.event_id == Event.id)
    row = session.execute(
        statement.where(Participant.id == participant_id).add_columns(
            Event.id.label("event_id"),
            Participant.person_id,
            Participant.locale,
            Event.join_url,
            Participant.revision.label("own_revision"),
            Participant.revised_at,
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return Subject(
        **_shown_of(row),
        scope_id=participant_id,
        event_id=row.event_id,
        person_id=row.person_id,
        join_url=row.join_url,
        languages=(*filter(None, [row.locale]), *row.languages, row.language),
        revisions=(row.revision or 0, row.own_revision),
        changed_at=max(filter(None, [row.changed_at, row.revised_at])),
    )


def timed(row: Any) -> Timed:
    """The stored text of a row of :data:`COLUMNS`."""
    block = StoredBlock(row.uid, row.starts_at, row.zone, row.first_year, row.last_year, row.text)
    return Timed(row.owner_kind, row.owner_id, row.status, block)
