"""From a queued message to its letter and its words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventsvc.mail.models import OutboxMessage
from eventsvc.post.policy import Ended, Letter, Rendered
from eventsvc.post.queries.letters import LETTERS
from eventsvc.post.render import render


def message(session: Session, purpose: str, **marks: Any) -> OutboxMessage:
    """The newest message with these marks."""
    statement = select(OutboxMessage).where(OutboxMessage.purpose == purpose)
    for name, mark in marks.items():
        statement = statement.where(getattr(OutboxMessage, name) == mark)
    found = session.scalars(statement.order_by(OutboxMessage.id.desc())).first()
    assert found is not None, f"no {purpose} was queued"
    return found


def letter(session: Session, purpose: str, now: datetime, **marks: Any) -> Letter | Ended:
    """What the message says at ``now``."""
    row = message(session, purpose, **marks)
    return LETTERS[purpose](session, row, now)


def written(session: Session, purpose: str, now: datetime, **marks: Any) -> Rendered:
    """The words of the message at ``now``."""
    row = message(session, purpose, **marks)
    found = LETTERS[purpose](session, row, now)
    assert isinstance(found, Letter), found
    return render(found.template, row.locale, {**found.context, "unsubscribe_url": None})


def ended(session: Session, purpose: str, now: datetime, **marks: Any) -> tuple[str, str]:
    """State and reason of a message that is not sent."""
    found = letter(session, purpose, now, **marks)
    assert isinstance(found, Ended), found
    return found.state, found.reason
