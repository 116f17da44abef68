"""Whether a newcomer gets a place. Everything here runs under the event lock (api.md §9.6)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from eventsvc.core.errors import Conflict
from eventsvc.core.rights import Actor
from eventsvc.events import queries as events
from eventsvc.events.models import Event
from eventsvc.registration import policy, queries
from eventsvc.registration.models import Registration


def lock(session: Session, event_id: str) -> Event:
    """The event, locked for a change of seats (api.md §9.6).

    Raises:
        NotFound: there is none.
        Conflict: ``archived``.
    """
    event = events.lock_event(session, event_id)
    if event.state == "archived":
        raise Conflict("archived", "An archived event is read only.")
    return event


def told_of(registration: Registration, now: datetime) -> dict[str, Any]:
    """What every fact of a registration says."""
    return {
        "at": now,
        "subject_id": registration.id,
        "organiser_id": registration.organiser_id,
        "event_id": registration.event_id,
        "participant_id": registration.participant_id,
    }


def by_of(actor: Actor) -> str:
    """In which part somebody acts: attendee, system, organiser or desk."""
    if actor.kind in ("link", "system"):
        return "attendee" if actor.kind == "link" else "system"
    return "organiser" if actor.manages else "desk"


def phase_of(event: Event, now: datetime) -> str:
    """How the waiting lists of ``event`` move now: automatic, offers or ended."""
    return policy.promotion_phase(
        event.state,
        starts_at=event.starts_at,
        auto_promote_until=event.auto_promote_until,
        promotion_ends=event.promotion_ends,
        now=now,
    )


def decide(
    session: Session,
    event: Event,
    mode: str,
    pool_id: str | None,
    *,
    now: datetime,
    allow_over_capacity: bool = False,
) -> str:
    """``confirmed``, ``waitlisted`` or ``sold-out`` for a newcomer.

    ``allow_over_capacity`` confirms in any case; the event is marked when a limit is passed.
    """
    places = queries.places(session, event, now=now)
    queue = policy.queue_of(mode, pool_id, places.pools)
    free = policy.free_places(places, queue)
    if allow_over_capacity:
        event.over_capacity = event.over_capacity or free == 0
        return "confirmed"
    return policy.decide_seat(
        free=free,
        ahead=policy.ahead_of(places, queue),
        waiting=policy.waiting_in_mode(places, mode),
        waiting_list=event.waiting_list,
        limit=event.waiting_list_limit,
    )


def sold_out() -> Conflict:
    """The refusal of a newcomer for whom there is neither place nor list."""
    return Conflict("sold-out", "All places are taken and the waiting list takes no more.")


def require_open(event: Event, *, now: datetime) -> None:
    """Refuse where not even staff may register.

    Raises:
        Conflict: ``registration-closed``.
    """
    if not policy.registration_open(
        event.state, opens_at=None, closes_at=None, during_event=True, staff=True, now=now
    ):
        detail = "Places are given only while the event is published or running."
        raise Conflict("registration-closed", detail)
