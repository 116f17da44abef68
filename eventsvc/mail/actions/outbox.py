"""Queue messages, cancel pending ones."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from eventsvc.core.db import nudge
from eventsvc.core.ids import new_id
from eventsvc.core.jobs import insert_once
from eventsvc.core.text import email_key
from eventsvc.mail.actions.holding import HELD
from eventsvc.mail.models import Contact, OutboxMessage
from eventsvc.mail.policy import CANCELLED, PENDING, message_key

DRAIN = "post.drain"
ROWS_AT_ONCE = 500
"""Rows of one INSERT; each has some twenty values, and SQLite takes 32,766 of them."""


def contact_for(
    session: Session,
    email: str,
    *,
    name: str | None = None,
    locale: str = "en",
    zone: str | None = None,
    now: datetime,
) -> Contact:
    """The contact of an address, made at the first call; safe when two ask at once.

    ``email`` as cleaned by ``core.text.clean_email``. A contact that stands keeps its own name,
    language and zone: who types an address is not proved to own it (security.md row 14).
    """
    key = email_key(email)
    values = {
        "id": new_id(),
        "email": email,
        "email_key": key,
        "name": name,
        "locale": locale,
        "zone": zone,
        "created_at": now,
    }
    session.execute(insert_once(session, Contact, values, on=["email_key"]))
    return session.scalars(select(Contact).where(Contact.email_key == key)).one()


def queue(
    session: Session,
    *,
    purpose: str,
    subject_type: str,
    subject_id: str,
    recipient_id: str,
    contact: Contact,
    event_id: str | None = None,
    organiser_id: str | None = None,
    offset_s: int = 0,
    revision: int = 0,
    priority: int,
    due_at: datetime,
    not_after: datetime | None = None,
    locale: str | None = None,
    tz: str | None = None,
    payload: dict[str, Any] | None = None,
    now: datetime,
) -> bool:
    """Write the message's row, once per key; True when this call wrote it (delivery.md §2).

    The address is not copied here: a message goes where its contact is reached when it is sent.
    """
    values = _row(
        purpose=purpose, subject_type=subject_type, subject_id=subject_id,
        recipient_id=recipient_id, contact_id=contact.id, event_id=event_id,
        organiser_id=organiser_id, offset_s=offset_s, revision=revision, priority=priority,
        due_at=due_at, not_after=not_after, locale=locale or contact.locale,
        tz=tz or contact.zone or "UTC", payload=payload or {}, now=now,
        cancelled_reason=session.info.get(HELD),
    )  # fmt: skip
    session.flush()
    written = rows_of(session.execute(insert_once(session, OutboxMessage, values, on=["key"]))) == 1
    if written and values["state"] == PENDING and due_at <= now:
        nudge(session, DRAIN)
    return written


def queue_many(session: Session, messages: Iterable[Mapping[str, Any]], *, now: datetime) -> int:
    """Write the rows of many messages with few statements, once per key; returns how many are new.

    Each message has the arguments of :func:`queue`, all of them given, with ``contact_id`` for
    ``contact``; one with a ``cancelled_reason`` is written as ended, so that people can see why
    nothing came.
    """
    held = {"cancelled_reason": session.info.get(HELD)}
    rows = [_row(**{**held, **message}, now=now) for message in messages]
    if not rows:
        return 0
    session.flush()
    postgresql = session.get_bind().dialect.name == "postgresql"
    once = (postgresql_insert if postgresql else sqlite_insert)(
        cast("Table", OutboxMessage.__table__)
    )
    once = once.on_conflict_do_nothing(index_elements=["key"])
    # many rows in one VALUES: only so do both drivers say how many were written
    parts = [rows[n : n + ROWS_AT_ONCE] for n in range(0, len(rows), ROWS_AT_ONCE)]
    counted = {"preserve_rowcount": True}
    written = sum(
        rows_of(session.execute(once.values(part), execution_options=counted)) for part in parts
    )
    if written and any(row["state"] == PENDING and row["due_at"] <= now for row in rows):
        nudge(session, DRAIN)
    return written


def queue_again(
    session: Session,
    messages: Iterable[Mapping[str, Any]],
    *,
    reasons: Collection[str],
    now: datetime,
) -> None:
    """Let cancelled messages wait again with new times, where they ended for one of ``reasons``.

    A key has one row for ever (delivery.md §2), so what is wanted once more is this row. What was
    sent, or ended for another reason, stays as it is. Messages as for :func:`queue_many`.
    """
    if session.info.get(HELD):
        return
    named = ("key", "due_at", "ready_at", "not_after", "locale", "tz")
    rows = [_row(**message, now=now) for message in messages]
    if not rows:
        return
    session.flush()
    outbox = cast("Table", OutboxMessage.__table__)
    again = (
        update(outbox)
        .where(
            outbox.c.key == bindparam("at_key"),
            outbox.c.state == CANCELLED,
            # one by one: an IN list cannot go with many sets of values
            or_(*(outbox.c.cancelled_reason == reason for reason in sorted(reasons))),
        )
        .values(state=PENDING, cancelled_reason=None, ended_at=None)
        .values({name: bindparam(f"at_{name}") for name in named[1:]})
    )
    session.execute(again, [{f"at_{name}": row[name] for name in named} for row in rows])
    for known in session:
        if isinstance(known, OutboxMessage):
            session.expire(known)


def cancel_pending(
    session: Session,
    *,
    reason: str,
    now: datetime,
    event_id: str | None = None,
    subject_type: str | None = None,
    subject_id: str | None = None,
    recipient_id: str | None = None,
    purpose: str | None = None,
    batch_id: str | None = None,
    offset_s: int | None = None,
    revision_below: int | None = None,
) -> int:
    """Cancel the pending messages that fit all given marks; returns how many (delivery.md §3).

    Messages that are claimed or being handed over finish; the sender looks again at what they
    are about before it hands them over.

    Raises:
        ValueError: neither event, subject, recipient nor batch is given.
    """
    if not (event_id or subject_id or recipient_id or batch_id):
        raise ValueError(
            "say whose messages are cancelled: event_id, subject_id, recipient_id or batch_id"
        )
    marks = {
        "event_id": event_id,
        "subject_type": subject_type,
        "subject_id": subject_id,
        "recipient_id": recipient_id,
        "purpose": purpose,
        "batch_id": batch_id,
    }
    wanted = [getattr(OutboxMessage, name) == mark for name, mark in marks.items() if mark]
    if offset_s is not None:
        wanted.append(OutboxMessage.offset_s == offset_s)
    if revision_below is not None:
        wanted.append(OutboxMessage.revision < revision_below)
    return end_pending(session, wanted, state=CANCELLED, reason=reason, now=now)


def _row(*, now: datetime, cancelled_reason: str | None = None, **given: Any) -> dict[str, Any]:
    key = message_key(
        given["recipient_id"],
        given["purpose"],
        given["subject_type"],
        given["subject_id"],
        offset_s=given["offset_s"],
        revision=given["revision"],
    )
    return given | {
        "public_id": new_id(),
        "key": key,
        "state": CANCELLED if cancelled_reason else PENDING,
        "cancelled_reason": cancelled_reason,
        "ended_at": now if cancelled_reason else None,
        "ready_at": given["due_at"],
        "attempts": 0,
        "created_at": now,
    }


def end_pending(
    session: Session, wanted: list[Any], *, state: str, reason: str, now: datetime
) -> int:
    """End the pending messages that fulfil the conditions ``wanted``; returns how many."""
    session.flush()
    ended = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.state == PENDING, *wanted)
        .values(state=state, cancelled_reason=reason, ended_at=now)
        .execution_options(synchronize_session="fetch")
    )
    return rows_of(ended)


def rows_of(result: Any) -> int:
    """How many rows a statement wrote."""
    count: int = result.rowcount
    return count
