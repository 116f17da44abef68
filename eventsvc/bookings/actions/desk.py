"""The desk: who came, to the event and to what they booked (editions.md §6)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventsvc.agenda import queries as agenda
from eventsvc.agenda.models import AgendaItem
from eventsvc.audit.actions import record
from eventsvc.bookings import queries
from eventsvc.bookings.actions.steps import mark
from eventsvc.bookings.models import CheckIn
from eventsvc.core.errors import Conflict, Invalid
from eventsvc.core.ids import new_id
from eventsvc.core.rights import Actor
from eventsvc.core.text import utc_instant
from eventsvc.events.models import Event
from eventsvc.registration import actions as registration
from eventsvc.registration.models import Registration
from eventsvc.registration.policy import UNDO_MINUTES
from eventsvc.registration.queries import registration_coded, registration_for


def check_in(
    session: Session, actor: Actor, event_id: str, values: Mapping[str, Any], *, now: datetime
) -> CheckIn:
    """Let somebody in by ``code``: to the event, or to ``session_id`` or ``site_visit_id``.

    Raises:
        NotFound: no such event.
        Invalid: no such code or item.
        Conflict: ``already-checked-in`` with ``first_checked_in_at``, ``not-admissible``.
    """
    event = registration.lock(session, event_id)
    guest = registration_coded(session, event.id, values["code"])
    if guest is None:
        raise Invalid.field("/code", "unknown-code", "No registration has this code.")
    item = _item(session, event, values)
    target_id = item.id if item is not None else event.id
    standing = queries.standing_check_in(session, guest.id, target_id)
    if standing is not None:
        raise Conflict(
            "already-checked-in",
            "This guest was checked in before.",
            first_checked_in_at=utc_instant(standing.at),
            registration_id=guest.id,
        )
    _admit(session, actor, event, guest, item, now=now)
    made = CheckIn(
        id=new_id(),
        organiser_id=event.organiser_id,
        event_id=event.id,
        registration_id=guest.id,
        target_id=target_id,
        item_id=item.id if item is not None else None,
        at=now,
        by=actor.name,
    )
    session.add(made)
    session.flush()
    record(session, actor, "check-in.made", made, now=now)
    return queries.check_in_for(session, event, made.id)


def _item(session: Session, event: Event, values: Mapping[str, Any]) -> AgendaItem | None:
    if values.get("session_id"):
        return agenda.item_for(session, event, values["session_id"], "session")
    if values.get("site_visit_id"):
        return agenda.item_for(session, event, values["site_visit_id"], "visit")
    return None


def _admit(
    session: Session,
    actor: Actor,
    event: Event,
    guest: Registration,
    item: AgendaItem | None,
    *,
    now: datetime,
) -> None:
    if guest.state not in ("confirmed", "attended"):
        raise Conflict(
            "not-admissible", "The registration is not confirmed.", registration_id=guest.id
        )
    if item is None:
        if guest.state == "confirmed":
            registration.mark_attended(session, actor, event, guest, now=now)
        return
    booking = queries.active_booking(session, item.id, guest.id)
    if booking is not None and booking.state == "confirmed":
        mark(session, actor, item, booking, "attended", now=now)
    elif item.bookable and (booking is None or booking.state != "attended"):
        raise Conflict(
            "not-admissible", "No confirmed seat is booked here.", registration_id=guest.id
        )


def undo_check_in(
    session: Session, actor: Actor, event_id: str, check_in_id: str, *, now: datetime
) -> None:
    """Take a check-in back: check-in staff within 15 minutes, an organiser always.

    Raises:
        NotFound: no such check-in, or it was undone.
        Conflict: ``undo-too-late``.
    """
    event = registration.lock(session, event_id)
    made = queries.check_in_for(session, event, check_in_id)
    late = now > made.at + timedelta(minutes=UNDO_MINUTES)
    if late and registration.by_of(actor) == "desk":
        raise Conflict("undo-too-late", "After 15 minutes an organiser has to undo it.")
    made.undone_at = now
    guest = registration_for(session, event, made.registration_id)
    if made.item_id is None:
        if guest.state == "attended":
            registration.undo_attended(session, actor, event, guest, now=now)
    else:
        booking = queries.active_booking(session, made.item_id, guest.id)
        if booking is not None and booking.state == "attended":
            item = agenda.item_for(session, event, made.item_id)
            mark(session, actor, item, booking, "confirmed", now=now)
    session.flush()
    record(session, actor, "check-in.undone", made, now=now)


def blur_check_ins(session: Session, participant_id: str) -> None:
    """Keep of somebody's check-ins the hour only."""
    mine = select(CheckIn).join(
        Registration,
        (Registration.event_id == CheckIn.event_id) & (Registration.id == CheckIn.registration_id),
    )
    for made in session.scalars(mine.where(Registration.participant_id == participant_id)):
        made.at = made.at.replace(minute=0, second=0, microsecond=0)
    session.flush()
