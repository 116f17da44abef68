"""Giving places and promoting: what frees a place gives it on in the same transaction."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from eventsvc.audit.actions import record
from eventsvc.core.errors import Conflict, TransitionNotAllowed
from eventsvc.core.rights import Actor, system
from eventsvc.events import queries as events
from eventsvc.events.models import Event
from eventsvc.facts.actions import tell
from eventsvc.registration import policy, queries
from eventsvc.registration.actions.participants import revise
from eventsvc.registration.actions.seats import lock, phase_of, require_open, told_of
from eventsvc.registration.models import Registration

HOUSE = system("waiting list")


def settle(
    session: Session, event: Event, registration: Registration, seat: str, *, now: datetime
) -> None:
    """Write the decision ``seat`` for a new or pending registration, in the order of the lock."""
    registration.sequence = queries.next_sequence(session, event.id)
    registration.state = seat
    registration.proof_due_at = None
    session.add(registration)
    if seat == "confirmed":
        registration.confirmed_at = now
        session.flush()
        revise(session, [registration.participant_id], now)
        tell(session, policy.RegistrationConfirmed(**told_of(registration, now)))
        return
    session.flush()
    tell(session, policy.RegistrationWaitlisted(**told_of(registration, now)))
    promote_from_waitlist(session, event, now=now)


def promote_from_waitlist(session: Session, event: Event, *, now: datetime) -> list[Registration]:
    """Give every free place to the first in order, once per place (api.md §9.2).

    Confirms while promotion is automatic, then makes timed offers, then does nothing. Returns
    who was promoted.
    """
    phase = phase_of(event, now)
    if phase == "ended":
        return []
    places = queries.places(session, event, now=now)
    lines = {
        queue: deque(
            queries.first_waiting(
                session,
                event.id,
                queue,
                places.pools,
                limit=policy.free_places(places, queue),
                never_offered=phase == "offers",
            )
        )
        for queue in policy.open_queues(places)
    }
    taken = dict(places.taken)
    promoted = []
    while ready := [
        queue
        for queue, line in lines.items()
        if line and policy.free_places(replace(places, taken=taken), queue) != 0
    ]:
        queue = min(ready, key=lambda one: lines[one][0].sequence)
        taken[queue] = taken.get(queue, 0) + 1
        promoted.append(lines[queue].popleft())
        if phase == "offers":
            _offer(session, event, promoted[-1], now=now)
        else:
            _promote(session, HOUSE, promoted[-1], now=now, changes={})
    return promoted


def _promote(
    session: Session,
    actor: Actor,
    registration: Registration,
    *,
    now: datetime,
    changes: dict[str, Any],
) -> None:
    registration.state = "confirmed"
    registration.confirmed_at = now
    registration.promotions += 1
    session.flush()
    record(session, actor, "registration.promoted", registration, now=now, changes=changes)
    revise(session, [registration.participant_id], now)
    number = registration.promotions
    tell(session, policy.RegistrationPromoted(**told_of(registration, now), number=number))


def _offer(session: Session, event: Event, registration: Registration, *, now: datetime) -> None:
    ends = policy.offer_end(
        now,
        hours=event.offer_hours,
        starts_at=event.starts_at,
        promotion_ends=event.promotion_ends,
    )
    registration.state = "offered"
    registration.offer_ends_at = ends
    registration.promotions += 1
    session.flush()
    record(session, HOUSE, "registration.offered", registration, now=now)
    told = told_of(registration, now)
    number = registration.promotions
    tell(session, policy.RegistrationOffered(**told, number=number, offer_ends_at=ends))


def promote(
    session: Session,
    actor: Actor,
    event_id: str,
    *,
    registration_id: str | None = None,
    mode: str | None = None,
    override: bool = False,
    allow_over_capacity: bool = False,
    now: datetime,
) -> Registration:
    """An organiser gives a place to the first in order, or with ``override`` to somebody named.

    Raises:
        NotFound: no such registration.
        TransitionNotAllowed: it does not wait.
        Conflict: ``registration-closed``, ``no-place-free``, ``nobody-waits``,
            ``not-first-in-order``.
    """
    event = lock(session, event_id)
    require_open(event, now=now)
    places = queries.places(session, event, now=now)
    if registration_id is None:
        chosen = _next_in_order(session, event, places, mode, over=allow_over_capacity)
    else:
        chosen = queries.registration_for(session, event, registration_id)
        _check_turn(session, event, places, chosen, override=override)
    queue = policy.queue_of(chosen.mode, chosen.pool_id, places.pools)
    full = policy.free_places(places, queue) == 0
    if full and not allow_over_capacity:
        raise _no_place()
    event.over_capacity = event.over_capacity or full
    changes = {"override": override, "allow_over_capacity": full}
    _promote(session, actor, chosen, now=now, changes=changes)
    return chosen


def _check_turn(
    session: Session,
    event: Event,
    places: policy.Places,
    chosen: Registration,
    *,
    override: bool,
) -> None:
    if chosen.state != "waitlisted":
        allowed = policy.next_states(chosen.state, "organiser")
        raise TransitionNotAllowed(chosen.state, "confirmed", allowed)
    queue = policy.queue_of(chosen.mode, chosen.pool_id, places.pools)
    first = queries.first_waiting(session, event.id, queue, places.pools, limit=1)[0]
    if first.id != chosen.id and not override:
        raise Conflict(
            "not-first-in-order",
            "Somebody waits longer: say override to promote out of order.",
            conflicts_with=[first.id],
        )


def _next_in_order(
    session: Session, event: Event, places: policy.Places, mode: str | None, *, over: bool
) -> Registration:
    queues = [
        queue for queue, count in places.waiting.items() if count and mode in (None, queue[0])
    ]
    if not queues:
        raise Conflict("nobody-waits", "The waiting list is empty.")
    ready = [queue for queue in queues if over or policy.free_places(places, queue) != 0]
    if not ready:
        raise _no_place()
    heads = [
        queries.first_waiting(session, event.id, queue, places.pools, limit=1)[0] for queue in ready
    ]
    return min(heads, key=lambda head: head.sequence)


def _no_place() -> Conflict:
    detail = "No place is free: raise the capacity, or say allow_over_capacity."
    return Conflict("no-place-free", detail)


def settle_capacity(
    session: Session, event: Event, *, allow_over_capacity: bool, now: datetime
) -> None:
    """Answer a change of capacity: refuse what is below the places held, else promote.

    Raises:
        Conflict: ``capacity-below-confirmed`` (api.md §9.4).
    """
    exceeded = policy.breaches(queries.places(session, event, now=now))
    if exceeded and not allow_over_capacity:
        raise Conflict(
            "capacity-below-confirmed",
            "More places are held than that: cancel first, or say allow_over_capacity.",
            exceeded=list(exceeded),
        )
    if event.over_capacity != bool(exceeded):
        event.over_capacity = bool(exceeded)
    promote_from_waitlist(session, event, now=now)


def expire_offers(session: Session, event_id: str, *, now: datetime) -> int:
    """Take back the offers that nobody answered and promote the next; how many were taken back."""
    event = events.lock_event(session, event_id)
    lapsed = session.scalars(queries.offers_lapsed(event.id, now=now)).all()
    for registration in lapsed:
        back_to_list(session, HOUSE, registration, now=now)
    promote_from_waitlist(session, event, now=now)
    return len(lapsed)


def back_to_list(
    session: Session, actor: Actor, registration: Registration, *, now: datetime
) -> None:
    """Put an offered registration back in its old order. ``offer_ends_at`` stays: it had its turn,
    so the next offer goes to the next (editions.md §3.11)."""
    registration.state = "waitlisted"
    session.flush()
    record(session, actor, "registration.offer-ended", registration, now=now)
    tell(session, policy.RegistrationWaitlisted(**told_of(registration, now)))
