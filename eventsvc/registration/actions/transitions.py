"""The steps of a registration: cancelled, approved, offered, attended (api.md §7)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from eventsvc.audit.actions import record
from eventsvc.core.errors import Conflict
from eventsvc.core.rights import Actor, system
from eventsvc.events import queries as events
from eventsvc.events.models import Event
from eventsvc.facts.actions import tell
from eventsvc.registration import policy, queries
from eventsvc.registration.actions import promotion, seats
from eventsvc.registration.actions.participants import revise
from eventsvc.registration.actions.seats import by_of
from eventsvc.registration.models import Registration


def cancel(
    session: Session,
    actor: Actor,
    event_id: str,
    registration_id: str,
    *,
    reason: str | None = None,
    now: datetime,
) -> Registration:
    """Cancel or decline; the place goes to the first who waits, in the same transaction.

    Raises:
        NotFound: no such registration.
        TransitionNotAllowed: it cannot be cancelled any more.
        Conflict: ``cancellation-closed`` for an attendee after ``cancel_until``.
    """
    event = seats.lock(session, event_id)
    registration = queries.registration_for(session, event, registration_id)
    return _cancel(session, actor, event, registration, reason=reason, now=now)


def _cancel(
    session: Session,
    actor: Actor,
    event: Event,
    registration: Registration,
    *,
    reason: str | None,
    now: datetime,
) -> Registration:
    by, before = by_of(actor), registration.state
    policy.check_arrow(before, "cancelled", by)
    if by == "attendee" and event.cancel_until is not None and now >= event.cancel_until:
        raise Conflict("cancellation-closed", "It is too late to cancel here: ask the organiser.")
    registration.state = "cancelled"
    registration.cancelled_at = now
    registration.cancel_reason = reason
    session.flush()
    changes = {"from": before, "by": by}
    record(session, actor, "registration.cancelled", registration, now=now, changes=changes)
    revise(session, [registration.participant_id], now)
    told = seats.told_of(registration, now)
    tell(session, policy.RegistrationCancelled(**told, previous_state=before, by=by))
    if before in policy.HOLDING:
        promotion.promote_from_waitlist(session, event, now=now)
    return registration


def transition(
    session: Session,
    actor: Actor,
    event_id: str,
    registration_id: str,
    values: Mapping[str, Any],
    *,
    now: datetime,
) -> Registration:
    """Bring a registration to the state ``values["to"]`` (api.md §7).

    ``reason``, and for organisers ``override`` and ``allow_over_capacity``, may be given too.

    Raises:
        NotFound: no such registration.
        TransitionNotAllowed: no arrow for this caller.
        Conflict: what the step itself refuses.
    """
    event = seats.lock(session, event_id)
    registration = queries.registration_for(session, event, registration_id)
    before, to, by = registration.state, values["to"], by_of(actor)
    policy.check_arrow(before, to, by)
    over = bool(values.get("allow_over_capacity"))
    if to == "cancelled":
        reason = values.get("reason")
        return _cancel(session, actor, event, registration, reason=reason, now=now)
    if before == "pending":
        return _approve(session, actor, event, registration, over=over, now=now)
    if before == "waitlisted":
        return promotion.promote(
            session,
            actor,
            event_id,
            registration_id=registration_id,
            override=bool(values.get("override")),
            allow_over_capacity=over,
            now=now,
        )
    if before == "offered":
        return _answer_offer(session, actor, event, registration, to, now=now)
    attendance = {"attended": mark_attended, "no_show": _mark_no_show, "confirmed": undo_attended}
    return attendance[to](session, actor, event, registration, now=now)


def _approve(
    session: Session,
    actor: Actor,
    event: Event,
    registration: Registration,
    *,
    over: bool,
    now: datetime,
) -> Registration:
    """Decide a pending registration: approved, or confirmed by hand where no mail arrived."""
    seats.require_open(event, now=now)
    mode, pool_id = registration.mode, registration.pool_id
    seat = seats.decide(session, event, mode, pool_id, now=now, allow_over_capacity=over)
    if seat == "sold-out":
        raise seats.sold_out()
    changes = {"state": seat, "proved": registration.proof_due_at is None}
    promotion.settle(session, event, registration, seat, now=now)
    record(session, actor, "registration.approved", registration, now=now, changes=changes)
    return registration


def _answer_offer(
    session: Session,
    actor: Actor,
    event: Event,
    registration: Registration,
    to: str,
    *,
    now: datetime,
) -> Registration:
    """Accept the place that is held, or give it to the next."""
    if to == "waitlisted":
        promotion.back_to_list(session, actor, registration, now=now)
        promotion.promote_from_waitlist(session, event, now=now)
        return registration
    if registration.offer_ends_at is not None and now >= registration.offer_ends_at:
        raise Conflict("offer-ended", "The offer has ended; the place goes to the next.")
    registration.state = "confirmed"
    registration.confirmed_at = now
    session.flush()
    record(session, actor, "registration.offer-accepted", registration, now=now)
    revise(session, [registration.participant_id], now)
    tell(session, policy.RegistrationConfirmed(**seats.told_of(registration, now)))
    return registration


def mark_attended(
    session: Session, actor: Actor, event: Event, registration: Registration, *, now: datetime
) -> Registration:
    """Somebody came. Call it under the event lock.

    Raises:
        TransitionNotAllowed: not confirmed (or no_show, for an organiser).
    """
    del event
    policy.check_arrow(registration.state, "attended", by_of(actor))
    registration.state = "attended"
    registration.attended_at = now
    session.flush()
    record(session, actor, "registration.attended", registration, now=now)
    tell(session, policy.RegistrationAttended(**seats.told_of(registration, now)))
    return registration


def undo_attended(
    session: Session, actor: Actor, event: Event, registration: Registration, *, now: datetime
) -> Registration:
    """Take a check-in back: check-in staff within 15 minutes, an organiser always.

    Raises:
        TransitionNotAllowed: not attended.
        Conflict: ``undo-too-late``.
    """
    del event
    by, came = by_of(actor), registration.attended_at
    policy.check_arrow(registration.state, "confirmed", by)
    if by == "desk" and came is not None and now > came + timedelta(minutes=policy.UNDO_MINUTES):
        raise Conflict("undo-too-late", "After 15 minutes an organiser has to undo it.")
    registration.state = "confirmed"
    registration.attended_at = None
    session.flush()
    record(session, actor, "registration.check-in-undone", registration, now=now)
    return registration


def _mark_no_show(
    session: Session, actor: Actor, event: Event, registration: Registration, *, now: datetime
) -> Registration:
    # an event has no attendance sheet of its own: its attendance closes when it completes
    if event.state != "completed":
        raise Conflict("attendance-open", "No-show exists only once the event is completed.")
    registration.state = "no_show"
    session.flush()
    record(session, actor, "registration.no-show", registration, now=now)
    return registration


def expire_proofs(session: Session, event_id: str, *, now: datetime) -> int:
    """Cancel the registrations of an event whose e-mail was not proved in time; how many."""
    event = events.lock_event(session, event_id)
    overdue = session.scalars(queries.proofs_overdue(event.id, now=now)).all()
    house = system("e-mail proof")
    for registration in overdue:
        _cancel(session, house, event, registration, reason="proof-expired", now=now)
    return len(overdue)
