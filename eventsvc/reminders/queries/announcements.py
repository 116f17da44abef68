"""Announcements of an event, whom they are for, and what became of their messages."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, not_, or_, select
from sqlalchemy.orm import Session, aliased

from eventsvc.agenda.models import AgendaItem, SpeakerRole
from eventsvc.bookings.models import Booking
from eventsvc.core.errors import NotFound
from eventsvc.core.ids import is_id
from eventsvc.events.models import Event
from eventsvc.mail.models import Contact, OutboxMessage
from eventsvc.registration.models import Participant, Registration
from eventsvc.reminders.models import Announcement
from eventsvc.reminders.policy import Audience
from eventsvc.reminders.queries.audience import HOLDING

LANGUAGE = func.coalesce(Participant.locale, Contact.locale)
UNDER_WAY = ("pending", "claimed", "sending")
ANNOUNCEMENT_SORTS = {
    "created_at": Announcement.created_at,
    "scheduled_at": Announcement.scheduled_at,
    "title": Announcement.title,
}


def announcements_found(event: Event, states: Collection[str] = ()) -> Select[Announcement]:
    """The announcements of an event, to be ordered and paged by the caller."""
    statement = select(Announcement).where(Announcement.event_id == event.id)
    return statement.where(Announcement.state.in_(states)) if states else statement


def announcement_for(
    session: Session, event: Event, announcement_id: str, *, lock: bool = False
) -> Announcement:
    """An announcement of the event; ``lock``: its row, to the end of the transaction.

    Raises:
        NotFound: there is none, it is of another event, or the id is malformed.
    """
    if not is_id(announcement_id):
        raise NotFound
    statement = announcements_found(event).where(Announcement.id == announcement_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found


def announcements_on_their_way(session: Session, event_id: str) -> list[Announcement]:
    """The announcements of an event that wait or are being sent, their rows locked."""
    wanted = select(Announcement).where(
        Announcement.event_id == event_id, Announcement.state.in_(("scheduled", "sending"))
    )
    locked = wanted.order_by(Announcement.id).with_for_update()
    return list(session.scalars(locked.execution_options(populate_existing=True)))


def next_to_queue(session: Session, *, now: datetime) -> Announcement | None:
    """One announcement whose moment has come, or whose messages are not all written yet."""
    due = and_(Announcement.state == "scheduled", Announcement.scheduled_at <= now)
    begun = and_(Announcement.state == "sending", Announcement.queued_at.is_(None))
    wanted = select(Announcement).where(or_(due, begun)).order_by(Announcement.id).limit(1)
    locked = wanted.with_for_update(skip_locked=True)
    return session.scalars(locked.execution_options(populate_existing=True)).one_or_none()


def next_to_end(session: Session) -> Announcement | None:
    """One announcement whose messages are all written, none of them still under way."""
    waits = exists().where(
        OutboxMessage.batch_id == Announcement.id, OutboxMessage.state.in_(UNDER_WAY)
    )
    wanted = select(Announcement).where(
        Announcement.state == "sending", Announcement.queued_at.is_not(None), not_(waits)
    )
    locked = wanted.order_by(Announcement.id).limit(1).with_for_update(skip_locked=True)
    return session.scalars(locked.execution_options(populate_existing=True)).one_or_none()


def people_of(
    session: Session, event_id: str, audience: Audience, *, after: str | None, limit: int
) -> list[Any]:
    """The next people of an audience in the order of their ids, at most ``limit``; one query.

    Rows of participant_id, contact_id, registration_id (None for a speaker who is no guest), name,
    locale, zone.
    """
    statement = _people(event_id, audience).order_by(Participant.id).limit(limit)
    if after is not None:
        statement = statement.where(Participant.id > after)
    return list(session.execute(statement))


def languages_of(session: Session, event_id: str, audience: Audience) -> dict[str, int]:
    """How many people of an audience read which language; one query."""
    people = _people(event_id, audience).subquery()
    counted = select(people.c.locale, func.count()).group_by(people.c.locale)
    return {row[0]: row[1] for row in session.execute(counted.order_by(people.c.locale))}


def states_of_batches(session: Session, ids: Collection[str]) -> dict[str, dict[str, int]]:
    """Batch id → state → number of messages; one query for all of them."""
    counted = (
        select(OutboxMessage.batch_id, OutboxMessage.state, func.count())
        .where(OutboxMessage.batch_id.in_(ids))
        .group_by(OutboxMessage.batch_id, OutboxMessage.state)
    )
    found: dict[str, dict[str, int]] = {}
    for batch_id, state, count in session.execute(counted):
        found.setdefault(str(batch_id), {})[state] = count
    return found


def items_not_of(session: Session, event: Event, ids: Collection[str]) -> set[str]:
    """Those of ``ids`` that are no session or visit of the event."""
    known = select(AgendaItem.id).where(AgendaItem.event_id == event.id, AgendaItem.id.in_(ids))
    return set(ids) - set(session.scalars(known))


def _people(event_id: str, audience: Audience) -> Any:
    newer = aliased(Registration)
    newest = select(func.max(newer.sequence)).where(newer.participant_id == Participant.id)
    return (
        select(
            Participant.id.label("participant_id"),
            Participant.contact_id,
            Registration.id.label("registration_id"),
            Participant.name,
            LANGUAGE.label("locale"),
            Contact.zone,
        )
        .join(Contact, Contact.id == Participant.contact_id)
        .outerjoin(
            Registration,
            and_(
                Registration.participant_id == Participant.id,
                Registration.sequence == newest.scalar_subquery(),
            ),
        )
        .where(Participant.event_id == event_id, Participant.erased_at.is_(None), _fits(audience))
    )


def _fits(audience: Audience) -> ColumnElement[bool]:
    speaking = _speaks(audience.items)
    guest = and_(Registration.state.in_(audience.states), *_marks(audience))
    who = {
        "any": guest,
        "also": or_(guest, speaking),
        "only": speaking,
        "none": and_(guest, not_(_speaks(()))),
    }[audience.speakers]
    spoken: list[ColumnElement[bool]] = [
        or_(LANGUAGE.in_([tag]), LANGUAGE.startswith(f"{tag}-", autoescape=True))
        for tag in audience.languages
    ]
    return and_(who, or_(*spoken)) if spoken else who


def _marks(audience: Audience) -> list[ColumnElement[bool]]:
    marks: list[ColumnElement[bool]] = []
    if audience.modes:
        marks.append(Registration.mode.in_(audience.modes))
    if audience.types:
        marks.append(Participant.type.in_(audience.types))
    if audience.items:
        seat = exists().where(
            Booking.registration_id == Registration.id,
            Booking.item_id.in_(audience.items),
            Booking.state.in_(HOLDING),
        )
        marks.append(seat)
    return marks


def _speaks(items: Collection[str]) -> ColumnElement[bool]:
    role = [
        SpeakerRole.event_id == Participant.event_id,
        SpeakerRole.person_id == Participant.person_id,
    ]
    if items:
        role.append(SpeakerRole.item_id.in_(items))
    return exists().where(*role)
