"""What organisers do about messages, and recipients about lists (delivery.md §7, §9)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy.orm import Session

from eventsvc.audit.actions import record
from eventsvc.core.db import nudge
from eventsvc.core.errors import Conflict, TransitionNotAllowed
from eventsvc.core.rights import Actor
from eventsvc.mail import actions as mail
from eventsvc.mail.models import OutboxMessage, Suppression
from eventsvc.mail.queries import suppression_of
from eventsvc.post import queries

STUCK = ("failed", "unknown")
"""States that wait for a person."""
UNDELIVERED = (*STUCK, "suppressed")
"""States of what another address may still get."""


@dataclass(frozen=True)
class _Message:
    """A message as the audit trail names it: by its public id."""

    __tablename__: ClassVar[str] = "outbox"
    id: str
    organiser_id: str | None
    event_id: str | None


def retry(
    session: Session, actor: Actor, message: OutboxMessage, *, shown_state: str, now: datetime
) -> OutboxMessage:
    """Try a failed or unknown message again, with the same key and Message-ID.

    Raises:
        Conflict: ``shown_state`` is not its state any more, so a double click acts once; or it
            would be of no use any more.
        TransitionNotAllowed: it is neither failed nor unknown.
    """
    _check_shown(message, shown_state, "pending")
    was = message.state
    _wait_again(session, message, now=now)
    _audit(session, actor, "message.retried", message, was=was, now=now)
    return message


def send_elsewhere(
    session: Session,
    actor: Actor,
    message: OutboxMessage,
    *,
    shown_state: str,
    email: str,
    now: datetime,
) -> OutboxMessage:
    """Send a message that did not arrive to another address, with the same key and Message-ID.

    Raises:
        Conflict: as :func:`retry`.
        TransitionNotAllowed: it is neither failed, unknown nor suppressed.
    """
    _check_shown(message, shown_state, "pending", allowed=UNDELIVERED)
    was = message.state
    contact = mail.contact_for(session, email, locale=message.locale, zone=message.tz, now=now)
    message.contact_id, message.address = contact.id, None
    _wait_again(session, message, now=now)
    _audit(session, actor, "message.readdressed", message, was=was, now=now)
    return message


def _wait_again(session: Session, message: OutboxMessage, *, now: datetime) -> None:
    if message.not_after is not None and message.not_after <= now:
        raise Conflict("too-late", "The message is of no use any more: its moment has passed.")
    message.state = "pending"
    message.attempts = message.unanswered = 0
    message.trying_since = message.next_try_at = message.ended_at = None
    message.error_class = message.cancelled_reason = None
    message.ready_at = now
    nudge(session, mail.DRAIN)


def mark_handled(
    session: Session, actor: Actor, message: OutboxMessage, *, shown_state: str, now: datetime
) -> OutboxMessage:
    """Close a failed or unknown message: somebody saw to it in another way.

    Raises:
        Conflict: ``shown_state`` is not its state any more.
        TransitionNotAllowed: it is neither failed nor unknown.
    """
    _check_shown(message, shown_state, "cancelled")
    was = message.state
    message.state, message.cancelled_reason, message.ended_at = "cancelled", "handled", now
    _audit(session, actor, "message.handled", message, was=was, now=now)
    return message


def unsubscribe(
    session: Session, public_id: str, scope: str, *, source: str, now: datetime
) -> bool:
    """Send no more mail of ``scope`` to whom this message went to; False when it is unknown.

    Saying it twice changes nothing more.
    """
    found = queries.recipient_of(session, public_id)
    if found is None:
        return False
    address, organiser_id = found
    kind, _, subject = scope.partition(":")
    event_ids = queries.events_of_series(session, subject) if kind == "series" else ()
    mail.suppress(
        session,
        address,
        scope=scope,
        reason="unsubscribed",
        source=source,
        now=now,
        event_ids=event_ids,
        organiser_id=organiser_id,
    )
    return True


def block_address(
    session: Session,
    actor: Actor,
    organiser_id: str,
    *,
    email: str,
    reason: str,
    event_id: str | None = None,
    series_id: str | None = None,
    now: datetime,
) -> Suppression:
    """Stop writing to an address: mail of one event or series, else all of the organiser's.

    Whoever is blocked altogether gets no confirmations either; what stands stays as it is.

    Raises:
        Invalid: an event or series of another organiser.
    """
    scope = queries.scope_named(session, organiser_id, event_id=event_id, series_id=series_id)
    event_ids = queries.events_of_series(session, series_id) if series_id else ()
    mail.suppress(
        session,
        email,
        scope=scope,
        reason=reason,
        source="organiser",
        now=now,
        event_ids=event_ids,
        organiser_id=organiser_id,
    )
    found = suppression_of(session, email, scope)
    changes = {"scope": scope, "reason": reason}
    record(session, actor, "suppression.added", found, now=now, changes=changes)
    return found


def _check_shown(
    message: OutboxMessage, shown_state: str, to: str, *, allowed: Collection[str] = STUCK
) -> None:
    if message.state != shown_state:
        raise Conflict(
            "state-changed",
            f"The message is {message.state!r} by now. Look at it again.",
            state=message.state,
        )
    if message.state not in allowed:
        raise TransitionNotAllowed(message.state, to, [])


def _audit(
    session: Session, actor: Actor, action: str, message: OutboxMessage, *, was: str, now: datetime
) -> None:
    subject = _Message(message.public_id, message.organiser_id, message.event_id)
    changes = {"state": [was, message.state], "purpose": message.purpose}
    record(session, actor, action, subject, now=now, changes=changes)
