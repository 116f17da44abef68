"""How long messages are kept, and how a person's are forgotten (delivery.md §5, security.md §3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from eventsvc.core.db import Base
from eventsvc.core.retention import Rule, before, blanking, deleting
from eventsvc.mail.actions.outbox import cancel_pending, contact_for
from eventsvc.mail.models import Contact, OutboxAttempt, OutboxMessage
from eventsvc.mail.policy import ENDED

NOBODY = "nobody@invalid.invalid"
"""The address of those whose own was erased; nothing is ever sent there."""

BLANK: dict[str, Any] = {"address": None, "payload": {}, "smtp_text": None}


def _ended_long_ago(now: datetime) -> Any:
    return (
        select(OutboxMessage.id)
        .where(
            OutboxMessage.state.in_(ENDED),
            OutboxMessage.ended_at <= before(now, "retention_mail_days"),
            OutboxMessage.blanked.is_(False),
        )
        .order_by(OutboxMessage.id)
    )


def _blank(session: Session, keys: Sequence[Any], _now: datetime) -> None:
    blanking(OutboxMessage.id, {**BLANK, "blanked": True})(session, keys, _now)
    blanking(OutboxAttempt.outbox_id, {"smtp_text": None})(session, keys, _now)


RULES = (
    Rule(
        "mail.blank",
        "address, payload and server answers of messages that have ended",
        _ended_long_ago,
        _blank,
    ),
    Rule(
        "mail.attempts",
        "attempts to send a message",
        lambda now: select(OutboxAttempt.id).where(
            OutboxAttempt.ended_at <= before(now, "retention_attempt_days")
        ),
        deleting(OutboxAttempt.id),
    ),
    Rule(
        "mail.rows",
        "bare rows of messages that have ended",
        lambda now: select(OutboxMessage.id).where(
            OutboxMessage.state.in_(ENDED),
            OutboxMessage.ended_at <= before(now, "retention_outbox_days"),
        ),
        deleting(OutboxMessage.id),
    ),
)


def forget_recipient(session: Session, recipient_id: str, *, now: datetime) -> Contact:
    """End and blank all messages of a recipient, at once; returns the contact of nobody, which
    takes the place of the recipient's own."""
    cancel_pending(session, reason="erased", recipient_id=recipient_id, now=now)
    nobody = contact_for(session, NOBODY, now=now)
    mine = select(OutboxMessage.id).where(OutboxMessage.recipient_id == recipient_id)
    session.execute(
        update(OutboxAttempt)
        .where(OutboxAttempt.outbox_id.in_(mine))
        .values(smtp_text=None)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.recipient_id == recipient_id)
        .values(**BLANK, blanked=True, contact_id=nobody.id)
        .execution_options(synchronize_session=False)
    )
    return nobody


def drop_contact(session: Session, contact_id: str) -> bool:
    """Delete a contact that nothing refers to any more; whether it went."""
    session.flush()
    table = Contact.__table__
    held = [
        exists(select(1).where(key.parent == contact_id))
        for other in Base.metadata.sorted_tables
        for key in other.foreign_keys
        if key.column.table is table
    ]
    if any(session.scalar(select(one)) for one in held):
        return False
    session.execute(delete(Contact).where(Contact.id == contact_id))
    return True
