"""Questions about digests: what gathers, what changed, whom it hits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import Select

from eventsvc.agenda.models import AgendaItem
from eventsvc.agenda.policy import SESSION
from eventsvc.bookings.models import Booking
from eventsvc.core.errors import NotFound
from eventsvc.core.ids import is_id
from eventsvc.registration.models import Registration
from eventsvc.reminders.models import Digest, ProgrammeChange
from eventsvc.reminders.plan import ALL, Change, folded, hits_with_seat
from eventsvc.reminders.queries.audience import Addressee, addressees

PLACED = ("confirmed", "attended", "offered")
ABOUT_A_SEAT = ("confirmed", "offered", "attended", "waitlisted")
GATHERING = ("open", "held")
DIGEST_SORTS = {"number": Digest.number, "opened_at": Digest.opened_at}


def digests_of(event_id: str) -> Select[Digest]:
    """The digests of an event."""
    return select(Digest).where(Digest.event_id == event_id)


def digest_for(session: Session, event_id: str, digest_id: str) -> Digest:
    """One digest of an event.

    Raises:
        NotFound: the event has none of this id.
    """
    statement = digests_of(event_id).where(Digest.id == digest_id)
    found = session.scalars(statement).one_or_none() if is_id(digest_id) else None
    if found is None:
        raise NotFound
    return found


def gathering(session: Session, event_id: str) -> Digest | None:
    """The digest that gathers changes of an event now."""
    statement = digests_of(event_id).where(Digest.state.in_(GATHERING))
    return session.scalars(statement).one_or_none()


def next_number(session: Session, event_id: str) -> int:
    """The number of the next digest of an event, from 1."""
    last = session.scalar(select(func.max(Digest.number)).where(Digest.event_id == event_id))
    return (last or 0) + 1


def digests_due(session: Session, *, now: datetime, limit: int) -> Sequence[tuple[str, str]]:
    """(event id, digest id) of digests to be sealed, the longest due first."""
    rows = session.execute(
        select(Digest.event_id, Digest.id)
        .where(Digest.state == "open", Digest.seal_at <= now)
        .order_by(Digest.seal_at)
        .limit(limit)
    )
    return [(row.event_id, row.id) for row in rows]


def changes_in(session: Session, digest_id: str) -> list[Change]:
    """What a digest tells: its changes folded (``plan.folded``), in order of time; one query."""
    rows = session.execute(
        select(
            ProgrammeChange.item_id,
            ProgrammeChange.kind,
            ProgrammeChange.old,
            ProgrammeChange.new,
            ProgrammeChange.whom,
        )
        .where(ProgrammeChange.digest_id == digest_id)
        .order_by(ProgrammeChange.at, ProgrammeChange.id)
    )
    return folded([Change(*row) for row in rows])


def titles_of(session: Session, event_id: str, item_ids: Sequence[str]) -> dict[str, str]:
    """The present titles of these items of an event by id; one query."""
    rows = session.execute(
        select(AgendaItem.id, AgendaItem.title).where(
            AgendaItem.event_id == event_id, AgendaItem.id.in_(item_ids)
        )
    )
    return {row.id: row.title for row in rows}


def told_of(session: Session, event_id: str, changes: Sequence[Change]) -> list[Addressee]:
    """Who hears of these changes: everybody with a place where one is for all, else those whose
    own programme holds one of the items; one query."""
    if any(change.whom == ALL for change in changes):
        return addressees(session, event_id, states=PLACED)
    return addressees(session, event_id, states=PLACED, where=_hit(changes))


def own_changes(
    session: Session, registration: Registration, changes: Sequence[Change]
) -> list[Change]:
    """Those of ``changes`` that one guest hears of; one query."""
    mine = _items_of(registration.mode)
    by_item = {change.item_id for change in changes}
    rows = session.execute(
        select(AgendaItem.id, AgendaItem.bookable, _seat(registration.id).label("seat")).where(
            AgendaItem.event_id == registration.event_id,
            AgendaItem.id.in_(by_item),
            or_(mine, _seat(registration.id)),
        )
    ).all()
    seated = {row.id: bool(row.seat) for row in rows}
    return [
        change
        for change in changes
        if change.whom == ALL
        or (
            change.item_id in seated
            and not (seated[change.item_id] and not hits_with_seat([change.kind]))
        )
    ]


def _seat(registration_id: str) -> ColumnElement[bool]:
    return exists().where(
        Booking.item_id == AgendaItem.id,
        Booking.registration_id == registration_id,
        Booking.state.in_(ABOUT_A_SEAT),
    )


def _items_of(mode: str) -> ColumnElement[bool]:
    """The programme that everybody of this mode attends: what stands in their own calendars."""
    return and_(
        AgendaItem.kind == SESSION,
        AgendaItem.bookable.is_(False),
        AgendaItem.parallel_group.is_(None),
        or_(AgendaItem.mode.is_(None), AgendaItem.mode.in_([mode, "hybrid"])),
    )


def _hit(changes: Sequence[Change]) -> ColumnElement[bool]:
    """Whether a registration's own programme holds one of the items."""
    kinds: dict[str, set[str]] = {}
    for change in changes:
        kinds.setdefault(change.item_id, set()).add(change.kind)
    seats = [item_id for item_id, found in kinds.items() if hits_with_seat(found)]
    booked = exists().where(
        Booking.registration_id == Registration.id,
        Booking.item_id.in_(seats),
        Booking.state.in_(ABOUT_A_SEAT),
    )
    common = exists().where(
        AgendaItem.event_id == Registration.event_id,
        AgendaItem.id.in_(list(kinds)),
        AgendaItem.kind == SESSION,
        AgendaItem.bookable.is_(False),
        AgendaItem.parallel_group.is_(None),
        or_(
            AgendaItem.mode.is_(None),
            AgendaItem.mode == "hybrid",
            AgendaItem.mode == Registration.mode,
        ),
    )
    return or_(booked, common) if kinds else false()
