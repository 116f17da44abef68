"""Stop writing to an address, and begin again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from eventsvc.audit.actions import record
from eventsvc.core.ids import new_id
from eventsvc.core.jobs import insert_once
from eventsvc.core.rights import Actor
from eventsvc.core.text import email_key
from eventsvc.mail.actions.outbox import end_pending, rows_of
from eventsvc.mail.models import Contact, OutboxMessage, Suppression
from eventsvc.mail.policy import EVERYTHING, TRANSACTIONAL, is_scope


def suppress(
    session: Session,
    address: str,
    *,
    scope: str,
    reason: str,
    source: str,
    now: datetime,
    event_ids: Collection[str] = (),
    organiser_id: str | None = None,
) -> bool:
    """Stop writing to an address within ``scope``; True when it was not stopped before.

    Its pending messages in the scope end at once (delivery.md §9). The scope ``series:<id>``
    needs ``event_ids``, the editions of the series, which this room does not know.

    Args:
        reason: ``bounce``, ``complaint``, ``unsubscribed`` or an organiser's word.
        source: who said so: ``smtp``, ``one-click``, ``page``, ``organiser`` …
        organiser_id: whose mail it is about; None where it holds for everybody's.

    Raises:
        ValueError: the scope is of another form.
    """
    if not is_scope(scope):
        raise ValueError(f"{scope!r} is no scope of a suppression")
    key = email_key(address)
    values = {
        "id": new_id(),
        "organiser_id": organiser_id,
        "address_lower": key,
        "scope": scope,
        "reason": reason,
        "source": source,
        "created_at": now,
    }
    once = insert_once(session, Suppression, values, on=["address_lower", "scope"])
    written = rows_of(session.execute(once)) == 1
    theirs = select(Contact.id).where(Contact.email_key == key)
    wanted = [OutboxMessage.contact_id.in_(theirs), *_in_scope(scope, reason, event_ids)]
    end_pending(session, wanted, state="suppressed", reason=reason, now=now)
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
    if kind == "organiser":
        return [OutboxMessage.organiser_id == rest]
    conditions: list[Any] = [OutboxMessage.priority > TRANSACTIONAL]
    if kind == "event":
        event_id, _, purpose = rest.partition(":")
        conditions.append(OutboxMessage.event_id == event_id)
        conditions += [OutboxMessage.purpose == purpose] if purpose else []
    elif kind == "series":
        conditions.append(OutboxMessage.event_id.in_(list(event_ids)))
    elif kind == "purpose":
        conditions.append(OutboxMessage.purpose == rest)
    return conditions
