"""Questions about messages and suppressed addresses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import Select

from eventsvc.core.errors import NotFound
from eventsvc.core.ids import is_id
from eventsvc.core.text import email_key
from eventsvc.mail.models import Contact, OutboxAttempt, OutboxMessage, Suppression
from eventsvc.mail.policy import BULK, PENDING, STATES, scopes_that_stop, stopping


def messages_of(event_id: str, *, states: Iterable[str] = ()) -> Select[OutboxMessage]:
    """The messages of an event, to be ordered and paged by the caller."""
    statement = select(OutboxMessage).where(OutboxMessage.event_id == event_id)
    wanted = list(states)
    return statement.where(OutboxMessage.state.in_(wanted)) if wanted else statement


def message_by_key(session: Session, key: str) -> OutboxMessage | None:
    """The message with this key (``policy.message_key``), or None."""
    return session.scalars(select(OutboxMessage).where(OutboxMessage.key == key)).one_or_none()


def contact_by_email(session: Session, email: str) -> Contact | None:
    """The contact of an address, compared by ``email_key``, or None."""
    found = select(Contact).where(Contact.email_key == email_key(email))
    return session.scalars(found).one_or_none()


def counts_by_state(session: Session, event_id: str | None = None) -> dict[str, int]:
    """How many messages stand in each state, zeros included; of one event or of all."""
    statement = select(OutboxMessage.state, func.count()).group_by(OutboxMessage.state)
    if event_id is not None:
        statement = statement.where(OutboxMessage.event_id == event_id)
    found = dict(session.execute(statement).all())
    return {state: found.get(state, 0) for state in STATES}


def due_now(
    session: Session, *, now: datetime, event_id: str | None = None, priority: int | None = None
) -> tuple[int, datetime | None]:
    """How many messages wait although they are due, and since when the oldest is (§12); of one
    event or of all, of one priority or of all."""
    waiting = (OutboxMessage.state == PENDING, OutboxMessage.ready_at <= now)
    statement = select(func.count(), func.min(OutboxMessage.due_at)).where(*waiting)
    if event_id is not None:
        statement = statement.where(OutboxMessage.event_id == event_id)
    if priority is not None:
        statement = statement.where(OutboxMessage.priority == priority)
    count, oldest = session.execute(statement).one()
    return count, oldest


def ambiguous_attempts(session: Session, *, since: datetime) -> int:
    """How many attempts since ``since`` ended without anybody knowing whether mail left (§6)."""
    statement = select(func.count()).where(
        OutboxAttempt.outcome == "ambiguous", OutboxAttempt.started_at >= since
    )
    return session.scalars(statement).one()


def suppression_reason(
    session: Session,
    address: str,
    event_id: str | None,
    series_id: str | None,
    purpose: str,
    *,
    organiser_id: str | None = None,
    priority: int = BULK,
) -> str | None:
    """Why this address gets no such message, or None when it does (delivery.md §9)."""
    scopes = scopes_that_stop(event_id, series_id, purpose, organiser_id)
    statement = select(Suppression.scope, Suppression.reason).where(
        Suppression.address_lower == email_key(address), Suppression.scope.in_(scopes)
    )
    found = [(scope, reason) for scope, reason in session.execute(statement)]
    return stopping(found, priority=priority)


def is_suppressed(
    session: Session,
    address: str,
    event_id: str | None,
    series_id: str | None,
    purpose: str,
    *,
    priority: int = BULK,
) -> bool:
    """Whether this address gets no such message; transactional mail has ``priority=0``."""
    reason = suppression_reason(session, address, event_id, series_id, purpose, priority=priority)
    return reason is not None


def suppression_of(session: Session, address: str, scope: str) -> Suppression:
    """The suppression of an address with exactly this scope; there is one."""
    wanted = select(Suppression).where(
        Suppression.address_lower == email_key(address), Suppression.scope == scope
    )
    return session.scalars(wanted).one()


def suppressions_of(session: Session, address: str) -> list[Suppression]:
    """Every suppression of an address, by scope."""
    statement = select(Suppression).where(Suppression.address_lower == email_key(address))
    return list(session.scalars(statement.order_by(Suppression.scope)))


def suppressions_found(organiser_id: str, filters: Mapping[str, Any]) -> Select[Suppression]:
    """What stops mail of one organiser: its own, and those for everybody whom it has written to.

    ``filters``: ``email``, ``reason``, may be missing. Addresses that the organiser never wrote to
    are not told.
    """
    written = exists().where(
        OutboxMessage.organiser_id == organiser_id,
        OutboxMessage.contact_id == Contact.id,
        Contact.email_key == Suppression.address_lower,
    )
    statement = select(Suppression).where(
        or_(
            Suppression.organiser_id == organiser_id,
            Suppression.organiser_id.is_(None) & written,
        )
    )
    if filters.get("email"):
        statement = statement.where(Suppression.address_lower == email_key(filters["email"]))
    if filters.get("reason"):
        statement = statement.where(Suppression.reason == filters["reason"])
    return statement


def suppression_for(session: Session, organiser_id: str, suppression_id: str) -> Suppression:
    """A suppression that concerns the organiser.

    Raises:
        NotFound: there is none, it does not concern it, or the id is malformed.
    """
    if not is_id(suppression_id):
        raise NotFound
    wanted = suppressions_found(organiser_id, {}).where(Suppression.id == suppression_id)
    found = session.scalars(wanted).one_or_none()
    if found is None:
        raise NotFound
    return found
