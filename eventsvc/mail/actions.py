"""Queue a message, cancel pending ones, stop writing to an address."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from eventsvc.audit.actions import record
from eventsvc.core.db import nudge
from eventsvc.core.ids import new_id
from eventsvc.core.jobs import insert_once
from eventsvc.core.rights import Actor
from eventsvc.core.text import email_key
from eventsvc.mail.models import Contact, OutboxMessage, Suppression
from eventsvc.mail.policy import EVERYTHING, PENDING, TRANSACTIONAL, is_scope, message_key

DRAIN = "post.drain"


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
    key = message_key(
        recipient_id, purpose, subject_type, subject_id, offset_s=offset_s, revision=revision
    )
    values = {
        "public_id": new_id(),
        "key": key,
        "purpose": purpose,
        "organiser_id": organiser_id,
        "event_id": event_id,
        "subject_type": subject_type,
        "subject_id": subject_id,
        "offset_s": offset_s,
        "revision": revision,
        "recipient_id": recipient_id,
        "contact_id": contact.id,
        "locale": locale or contact.locale,
        "tz": tz or contact.zone or "UTC",
        "payload": payload or {},
        "state": PENDING,
        "priority": priority,
        "due_at": due_at,
        "ready_at": due_at,
        "not_after": not_after,
        "attempts": 0,
        "created_at": now,
    }
    session.flush()
    written = _rows(session.execute(insert_once(session, OutboxMessage, values, on=["key"]))) == 1
    if written and due_at <= now:
        nudge(session, DRAIN)
    return written


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
    revision_below: int | None = None,
) -> int:
    """Cancel the pending messages that fit all given marks; returns how many (delivery.md §3).

    Messages that are claimed or being handed over finish; the sender looks again at what they
    are about before it hands them over.

    Raises:
        ValueError: neither event, subject nor recipient is given.
    """
    if event_id is None and subject_id is None and recipient_id is None:
        raise ValueError("say whose messages are cancelled: event_id, subject_id or recipient_id")
    marks = {
        "event_id": event_id,
        "subject_type": subject_type,
        "subject_id": subject_id,
        "recipient_id": recipient_id,
        "purpose": purpose,
    }
    wanted = [getattr(OutboxMessage, name) == mark for name, mark in marks.items() if mark]
    if revision_below is not None:
        wanted.append(OutboxMessage.revision < revision_below)
    return _end_pending(session, wanted, state="cancelled", reason=reason, now=now)


def suppress(
    session: Session,
    address: str,
    *,
    scope: str,
    reason: str,
    source: str,
    now: datetime,
    event_ids: Collection[str] = (),
) -> bool:
    """Stop writing to an address within ``scope``; True when it was not stopped before.

    Its pending messages in the scope end at once (delivery.md §9). The scope ``series:<id>``
    needs ``event_ids``, the editions of the series, which this room does not know.

    Args:
        reason: ``bounce``, ``complaint``, ``unsubscribed`` or an organiser's word.
        source: who said so: ``smtp``, ``one-click``, ``page``, ``organiser`` …

    Raises:
        ValueError: the scope is of another form.
    """
    if not is_scope(scope):
        raise ValueError(f"{scope!r} is no scope of a suppression")
    key = email_key(address)
    values = {
        "id": new_id(),
        "address_lower": key,
        "scope": scope,
        "reason": reason,
        "source": source,
        "created_at": now,
    }
    once = insert_once(session, Suppression, values, on=["address_lower", "scope"])
    written = _rows(session.execute(once)) == 1
    theirs = select(Contact.id).where(Contact.email_key == key)
    wanted = [OutboxMessage.contact_id.in_(theirs), *_in_scope(scope, reason, event_ids)]
    _end_pending(session, wanted, state="suppressed", reason=reason, now=now)
    return written


def lift_suppression(
    session: Session, actor: Actor, suppression: Suppression, *, reason: str, now: datetime
) -> None:
    """Write to the address again; messages that were suppressed stay unsent.

    ``reason`` goes into the audit trail; the address does not.
    """
    changes = {"scope": suppression.scope, "was": suppression.reason, "reason": reason}
    record(session, actor, "suppression.lifted", suppression, now=now, changes=changes)
    session.execute(
        delete(Suppression)
        .where(Suppression.id == suppression.id)
        .execution_options(synchronize_session=False)
    )
    session.expunge(suppression)


def _in_scope(scope: str, reason: str, event_ids: Collection[str]) -> list[Any]:
    """Conditions on the messages that a suppression ends."""
    kind, _, rest = scope.partition(":")
    if scope == EVERYTHING and reason != "complaint":
        return []
    conditions: list[Any] = [OutboxMessage.priority > TRANSACTIONAL]
    if kind == "event":
        conditions.append(OutboxMessage.event_id == rest)
    elif kind == "series":
        conditions.append(OutboxMessage.event_id.in_(list(event_ids)))
    elif kind == "purpose":
        conditions.append(OutboxMessage.purpose == rest)
    return conditions


def _end_pending(
    session: Session, wanted: list[Any], *, state: str, reason: str, now: datetime
) -> int:
    session.flush()
    ended = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.state == PENDING, *wanted)
        .values(state=state, cancelled_reason=reason, ended_at=now)
        .execution_options(synchronize_session="fetch")
    )
    return _rows(ended)


def _rows(result: Any) -> int:
    count: int = result.rowcount
    return count
