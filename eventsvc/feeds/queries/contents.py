"""What feeds are joined from: whom they are about, and the stored texts they hold.

Columns only, so that no object of the session can be older than its row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import Select

from eventsvc.accounts.models import Organiser
from eventsvc.agenda.models import AgendaItem, SpeakerRole
from eventsvc.agenda.policy import GONE_ROLES, SESSION
from eventsvc.bookings.models import Booking
from eventsvc.core.errors import NotFound
from eventsvc.events.models import Event, Series
from eventsvc.facts.models import FactRow
from eventsvc.feeds.policy import Seat
from eventsvc.ical.models import CalendarEntry, CalendarScope
from eventsvc.ical.policy import StoredBlock
from eventsvc.registration.models import Participant, Registration

PRESENT = ("confirmed", "attended", "no_show")
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
    """Whom a feed is about, as it is now. ``revisions``: of the scope and of the participant."""

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
    revisions: tuple[int, int]
    changed_at: datetime


@dataclass(frozen=True)
class Timed:
    """One stored text: whose it is, and its STATUS."""

    owner_kind: str
    owner_id: str
    status: str
    block: StoredBlock


@dataclass(frozen=True)
class Own:
    """The bookings of one participant: by item, oldest first, and the standing seats on buses."""

    seats: dict[str, list[Seat]]
    buses: dict[str, str]


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
        languages=(*filter(None, [row.locale]), *row.languages, row.language),
        revisions=(row.revision or 0, row.own_revision),
        changed_at=max(filter(None, [row.changed_at, row.revised_at])),
    )


def timed(row: Any) -> Timed:
    """The stored text of a row of :data:`COLUMNS`."""
    block = StoredBlock(row.uid, row.starts_at, row.zone, row.first_year, row.last_year, row.text)
    return Timed(row.owner_kind, row.owner_id, row.status, block)


def registered_mode(session: Session, participant_id: str) -> str | None:
    """How a participant who holds a place takes part (on_site, online); None: holds no place."""
    return session.scalars(
        select(Registration.mode)
        .where(Registration.participant_id == participant_id, Registration.state.in_(PRESENT))
        .order_by(Registration.sequence.desc())
    ).first()


def own_bookings(session: Session, participant_id: str) -> Own:
    """All bookings of a participant, given up ones too; two queries at most."""
    rows = session.execute(
        select(
            Booking.id,
            Booking.item_id,
            Booking.bus_id,
            Booking.state,
            Booking.changes,
            Booking.changed_at,
            Booking.event_id,
        )
        .where(Booking.participant_id == participant_id)
        .order_by(Booking.created_at, Booking.sequence)
    ).all()
    ended = _ended_with_item(session, [row for row in rows if row.state == "cancelled"])
    seats: dict[str, list[Seat]] = {}
    for row in rows:
        seat = Seat(row.state, row.changes, row.changed_at, row.id in ended)
        seats.setdefault(row.item_id, []).append(seat)
    carried = [row for row in rows if row.state != "cancelled" or row.id in ended]
    return Own(seats, {row.bus_id: row.item_id for row in carried if row.bus_id is not None})


def _ended_with_item(session: Session, cancelled: list[Any]) -> set[str]:
    """Ids of those bookings that ended because their item was cancelled, as the facts tell."""
    if not cancelled:
        return set()
    told = session.execute(
        select(FactRow.subject_id, FactRow.payload).where(
            FactRow.event_id == cancelled[0].event_id,
            FactRow.kind == "booking.cancelled",
            FactRow.subject_id.in_([row.id for row in cancelled]),
        )
    )
    return {row.subject_id for row in told if row.payload.get("cause") == "item"}


def own_entries(session: Session, subject: Subject, own: Own, *, mode: str | None) -> list[Timed]:
    """Stored texts for one participant; one query.

    Booked items and departures, sessions with a role of the participant's own and, for who holds
    a place (``mode``), visible sessions of that mode without booking, parallel to nothing.
    """
    item = CalendarEntry.owner_kind == "item"
    chosen = [
        and_(item, CalendarEntry.owner_id.in_(own.seats)),
        and_(CalendarEntry.owner_kind == "bus", CalendarEntry.owner_id.in_(own.buses)),
    ]
    if mode is not None:
        alone = and_(AgendaItem.bookable.is_(False), AgendaItem.parallel_group.is_(None))
        fits = or_(AgendaItem.mode.is_(None), AgendaItem.mode.in_([mode, "hybrid"]))
        chosen.append(and_(item, AgendaItem.kind == SESSION, alone, fits))
    if subject.person_id is not None:
        roles = select(SpeakerRole.item_id).where(
            SpeakerRole.event_id == subject.event_id,
            SpeakerRole.person_id == subject.person_id,
            SpeakerRole.state.not_in(GONE_ROLES),
        )
        chosen.append(and_(item, CalendarEntry.owner_id.in_(roles)))
    rows = session.execute(
        select(*COLUMNS)
        .outerjoin(AgendaItem, and_(item, AgendaItem.id == CalendarEntry.owner_id))
        .where(
            CalendarEntry.scope_id == subject.event_id,
            CalendarEntry.removed_at.is_(None),
            or_(*chosen),
        )
    )
    return [timed(row) for row in rows]
