"""Synthetic contacts and messages."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventsvc.core.ids import new_id
from eventsvc.mail import actions
from eventsvc.mail.models import Contact, OutboxMessage

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
_number = count(1)


def a_contact(session: Session, email: str | None = None, **values: Any) -> Contact:
    """A contact with an address of its own."""
    address = email or f"guest{next(_number)}@example.org"
    now = values.pop("now", NOW)
    return actions.contact_for(session, address, now=now, **values)


def a_message(session: Session, contact: Contact | None = None, **values: Any) -> OutboxMessage:
    """A queued message of purpose ``example``, due at ``now``."""
    now = values.setdefault("now", NOW)
    contact = contact or a_contact(session, now=now)
    told = {
        "purpose": "example",
        "subject_type": "event",
        "subject_id": new_id(),
        "recipient_id": contact.id,
        "priority": 0,
        "due_at": now,
        **values,
    }
    assert actions.queue(session, contact=contact, **told)
    newest = select(OutboxMessage).order_by(OutboxMessage.id.desc()).limit(1)
    return session.scalars(newest).one()
