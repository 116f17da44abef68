"""Claiming messages, giving them back, and taking them from senders that died (delivery.md §5)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from eventsvc.core.ids import new_id
from eventsvc.mail.models import Contact, OutboxMessage
from eventsvc.mail.policy import CLAIMED, PENDING, SENDING
from eventsvc.post.actions.budgets import begin_probe, end_probe
from eventsvc.post.actions.outcomes import settle_ambiguous
from eventsvc.post.policy import Batch, Claimed, Ended, Reaped, is_poison, together

MOST_REAPED = 500
CLAIM_COLUMNS = (
    "id", "claim", "public_id", "key", "purpose", "event_id", "address", "locale", "priority",
    "attempts", "not_after", "first_attempt_at",
)  # fmt: skip


def claim(session: Session, *, batch: int, lease: timedelta, now: datetime) -> Batch:
    """Take up to ``batch`` due messages, by priority and time; nobody else gets them.

    PostgreSQL passes over rows that others hold (``SKIP LOCKED``); on SQLite the writing
    transaction is alone. A resting channel gives none, then one message as a probe.
    """
    limit, probe = begin_probe(session, batch, lease=lease, now=now)
    waiting = (
        select(OutboxMessage.id, OutboxMessage.unanswered)
        .where(OutboxMessage.state == PENDING, OutboxMessage.ready_at <= now)
        .order_by(OutboxMessage.priority, OutboxMessage.ready_at, OutboxMessage.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    found = session.execute(waiting).all() if limit else []
    ids = [row.id for row in found][: together([row.unanswered for row in found])]
    token = new_id()
    if not ids:
        if probe:
            end_probe(session, works=False, now=now)
        return Batch(token)
    messages = _taken(session, ids, token, lease_until=now + lease)
    place = {message_id: number for number, message_id in enumerate(ids)}
    # RETURNING has no order
    messages.sort(key=lambda message: place[message.id])
    return Batch(token, tuple(messages), probe)


def _taken(session: Session, ids: list[int], token: str, *, lease_until: datetime) -> list[Claimed]:
    address = select(Contact.email).where(Contact.id == OutboxMessage.contact_id).scalar_subquery()
    taken = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id.in_(ids), OutboxMessage.state == PENDING)
        .values(
            state=CLAIMED,
            claim=token,
            lease_until=lease_until,
            attempts=OutboxMessage.attempts + 1,
            unanswered=OutboxMessage.unanswered + 1,
            address=address,
        )
        .returning(*(getattr(OutboxMessage, name) for name in CLAIM_COLUMNS))
        .execution_options(synchronize_session=False)
    )
    return [Claimed(**row) for row in taken.mappings()]


def held(session: Session, message: Claimed, *, now: datetime) -> OutboxMessage | None:
    """The row of a claimed message, or None when it is not this sender's any more."""
    return session.scalars(
        select(OutboxMessage).where(*_ours(message.claim, now), OutboxMessage.id == message.id)
    ).one_or_none()


def extend(session: Session, token: str, *, lease: timedelta, now: datetime) -> None:
    """Keep what is left of a batch for another lease."""
    session.execute(
        update(OutboxMessage)
        .where(*_ours(token, now))
        .values(lease_until=now + lease)
        .execution_options(synchronize_session=False)
    )


def give_back(
    session: Session,
    token: str,
    ids: Collection[int],
    *,
    now: datetime,
    wait: timedelta = timedelta(0),
) -> int:
    """Let go of claimed messages as if they had not been claimed; returns how many.

    With ``wait`` they become due only then, which makes room for others.
    """
    values: dict[str, Any] = {
        "state": PENDING,
        "claim": None,
        "lease_until": None,
        "attempts": OutboxMessage.attempts - 1,
        "unanswered": OutboxMessage.unanswered - 1,
    }
    if wait:
        values |= {"next_try_at": now + wait, "ready_at": now + wait}
    given = session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.id.in_(list(ids)),
            OutboxMessage.claim == token,
            OutboxMessage.state == CLAIMED,
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    count: int = given.rowcount  # type: ignore[attr-defined]
    return count


def end(session: Session, message: Claimed, ended: Ended, *, now: datetime) -> None:
    """Drop a claimed message that is not to be sent after all (delivery.md §5 step 2)."""
    session.execute(
        update(OutboxMessage)
        .where(*_ours(message.claim, now), OutboxMessage.id == message.id)
        .values(
            state=ended.state,
            cancelled_reason=ended.reason,
            ended_at=now,
            claim=None,
            lease_until=None,
            unanswered=0,
        )
        .execution_options(synchronize_session=False)
    )


def reap(session: Session, *, now: datetime, random: Callable[[], float]) -> Reaped:
    """Take back what dead senders held.

    A message that was only claimed is free again, or poison when that happened too often. One
    that was being handed over is ambiguous, and goes by its purpose's policy (§6).
    """
    expired = (
        select(OutboxMessage)
        .where(OutboxMessage.state.in_((CLAIMED, SENDING)), OutboxMessage.lease_until <= now)
        .order_by(OutboxMessage.id)
        .limit(MOST_REAPED)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    freed, ambiguous, poisoned = 0, [], []
    for row in session.scalars(expired).all():
        if row.state == SENDING:
            settle_ambiguous(session, row, now=now, random=random)
            ambiguous.append(row.id)
        elif is_poison(row.unanswered):
            row.state, row.error_class, row.ended_at = "failed", "poison", now
            poisoned.append(row.id)
        else:
            row.state = PENDING
            freed += 1
        row.claim = row.lease_until = None
    return Reaped(freed, tuple(ambiguous), tuple(poisoned))


def _ours(token: str, now: datetime) -> tuple[Any, ...]:
    """Conditions: claimed with this token, and the lease still runs."""
    return (
        OutboxMessage.claim == token,
        OutboxMessage.state == CLAIMED,
        OutboxMessage.lease_until > now,
    )
