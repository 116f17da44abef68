"""Who holds a place, who waits for one, and what time is due for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import Select

from eventsvc.events.models import Event
from eventsvc.registration.models import Pool, Registration
from eventsvc.registration.policy import HOLDING, MOVING, Places, queue_of
from eventsvc.registration.queries.guests import registrations


def kept_pools(session: Session, event_id: str, *, now: datetime) -> dict[str, int]:
    """Pool id → seats, of the pools that are not released yet."""
    rows = session.execute(
        select(Pool.id, Pool.seats).where(
            Pool.event_id == event_id, or_(Pool.release_at.is_(None), Pool.release_at > now)
        )
    )
    return {row.id: row.seats for row in rows}


def places(session: Session, event: Event, *, now: datetime) -> Places:
    """Capacity of an event, who holds it and who waits; two queries. Ask it under the lock."""
    pools = kept_pools(session, event.id, now=now)
    rows = session.execute(
        select(Registration.mode, Registration.pool_id, Registration.state, func.count())
        .where(Registration.event_id == event.id, Registration.state.in_([*HOLDING, "waitlisted"]))
        .group_by(Registration.mode, Registration.pool_id, Registration.state)
    )
    return places_of(event, pools, rows)


def places_of(event: Any, pools: dict[str, int], rows: Iterable[Any]) -> Places:
    """Places from (mode, pool, state, count) rows of one event."""
    taken: dict[tuple[str, str | None], int] = {}
    waiting: dict[tuple[str, str | None], int] = {}
    for mode, pool_id, state, count in rows:
        counted = taken if state in HOLDING else waiting
        queue = queue_of(mode, pool_id, pools)
        counted[queue] = counted.get(queue, 0) + count
    by_mode = {"on_site": event.capacity_on_site, "online": event.capacity_online}
    return Places(event.capacity, by_mode, pools, taken, waiting)


def seats_taken(session: Session, event_id: str, mode: str | None = None) -> int:
    """How many places of an event (or of one mode) are held."""
    wanted = select(func.count()).where(
        Registration.event_id == event_id, Registration.state.in_(HOLDING)
    )
    if mode is not None:
        wanted = wanted.where(Registration.mode == mode)
    return session.scalar(wanted) or 0


def next_sequence(session: Session, event_id: str) -> int:
    """The next number in the order of an event; ask it under the lock (api.md §9.3)."""
    newest = select(func.max(Registration.sequence)).where(Registration.event_id == event_id)
    return (session.scalar(newest) or 0) + 1


def waiting(event_id: str) -> Select[Registration]:
    """Who waits for a place in an event."""
    return registrations(event_id).where(Registration.state == "waitlisted")


def first_waiting(
    session: Session,
    event_id: str,
    queue: tuple[str, str | None],
    pools: Iterable[str],
    *,
    limit: int | None,
    never_offered: bool = False,
) -> Sequence[Registration]:
    """The first ``limit`` of a queue in order; ``never_offered``: without those whose offer
    lapsed or was declined, for each gets one offer (editions.md §3.11).
    """
    mode, pool = queue
    wanted = waiting(event_id).where(Registration.mode == mode)
    if pool is not None:
        wanted = wanted.where(Registration.pool_id == pool)
    elif mode == "on_site" and (kept := list(pools)):
        outside = or_(Registration.pool_id.is_(None), Registration.pool_id.not_in(kept))
        wanted = wanted.where(outside)
    if never_offered:
        wanted = wanted.where(Registration.offer_ends_at.is_(None))
    ordered = wanted.order_by(Registration.sequence).limit(limit)
    return session.scalars(ordered.execution_options(populate_existing=True)).all()


def positions(
    session: Session, event_id: str, rows: Iterable[Registration]
) -> dict[str, tuple[int, int]]:
    """Registration id → (position, length of the list) of those among ``rows`` who wait.

    One query, and none when nobody waits. Ranks count per mode (editions.md §2).
    """
    ids = [row.id for row in rows if row.state == "waitlisted"]
    if not ids:
        return {}
    ranked = (
        select(
            Registration.id,
            func.row_number()
            .over(partition_by=Registration.mode, order_by=Registration.sequence)
            .label("rank"),
            func.count().over(partition_by=Registration.mode).label("of"),
        )
        .where(Registration.event_id == event_id, Registration.state == "waitlisted")
        .subquery()
    )
    found = session.execute(select(ranked).where(ranked.c.id.in_(ids)))
    return {row.id: (row.rank, row.of) for row in found}


def waitlist_position(session: Session, registration: Registration) -> int | None:
    """Rank in the waiting list of its mode, from 1; None for who does not wait."""
    found = positions(session, registration.event_id, [registration])
    return found[registration.id][0] if found else None


def offers_lapsed(event_id: str, *, now: datetime) -> Select[Registration]:
    """The offers of an event that ended without an answer."""
    return registrations(event_id).where(
        Registration.state == "offered", Registration.offer_ends_at <= now
    )


def proofs_overdue(event_id: str, *, now: datetime) -> Select[Registration]:
    """The registrations of an event whose e-mail was not proved in time."""
    return registrations(event_id).where(
        Registration.state == "pending", Registration.proof_due_at <= now
    )


def events_with_overdue_proofs(session: Session, *, now: datetime) -> Sequence[str]:
    """Ids of events in which a proof is overdue."""
    due = and_(Registration.state == "pending", Registration.proof_due_at <= now)
    return session.scalars(select(Registration.event_id).where(due).distinct()).all()


def events_to_promote(session: Session, *, now: datetime) -> Sequence[str]:
    """Ids of events in which an offer lapsed, or somebody waits and promotion may go on."""
    lapsed = and_(Registration.state == "offered", Registration.offer_ends_at <= now)
    upcoming = or_(Event.starts_at.is_(None), Event.starts_at > now)
    waits = and_(Registration.state == "waitlisted", Event.state.in_(MOVING), upcoming)
    wanted = select(Event.id).join(Registration, Registration.event_id == Event.id)
    return session.scalars(wanted.where(or_(lapsed, waits)).distinct()).all()
