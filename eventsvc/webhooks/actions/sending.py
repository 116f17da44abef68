"""Sending: a delivery is claimed, called, and what became of it is noted.

A delivery is claimed by a conditional update and a lease, so that two senders never hold the same
one, and a sender that dies gives it back when the lease ends: nothing is lost, and a copy carries
the same ``webhook-id``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from eventsvc.core import outgoing
from eventsvc.core.ids import new_id
from eventsvc.core.sealed import CannotOpen
from eventsvc.webhooks import queries
from eventsvc.webhooks.actions.endpoints import disable_endpoint
from eventsvc.webhooks.models import WebhookDelivery, WebhookEndpoint
from eventsvc.webhooks.policy import (
    DELIVERED,
    PENDING,
    SENDING,
    judge,
    signature,
    valid_secrets,
)

LEASE = timedelta(seconds=60)
MOST_AT_ONCE = 16
MOST_EACH = 4
USER_AGENT = "eventsvc-webhooks/1"


@dataclass(frozen=True)
class Claimed:
    """A delivery in hand: what is sent, where, and how often it was tried with this time."""

    id: str
    claim: str
    endpoint_id: str
    url: str
    body: str
    attempts: int
    headers: Mapping[str, str] | None


@dataclass(frozen=True)
class Outcome:
    """How an attempt ended: the status of the answer, or a word where none came."""

    status: int | None
    error: str | None


def reap(session: Session, *, now: datetime) -> int:
    """Take back what a sender that died had in hand."""
    freed: Any = session.execute(
        update(WebhookDelivery)
        .where(WebhookDelivery.state == SENDING, WebhookDelivery.lease_until <= now)
        .values(state=PENDING, claim=None, lease_until=None, due_at=now)
        .execution_options(synchronize_session=False)
    )
    return int(freed.rowcount)


def claim_due(session: Session, *, now: datetime) -> list[Claimed]:
    """Take what is due in hand, for the length of a lease."""
    ids = queries.due(session, now=now, most=MOST_AT_ONCE, most_each=MOST_EACH)
    if not ids:
        return []
    claim = new_id()
    _take(session, ids, claim, now=now)
    return _in_hand(session, claim, now=now)


def _take(session: Session, ids: list[str], claim: str, *, now: datetime) -> None:
    session.execute(
        update(WebhookDelivery)
        .where(
            WebhookDelivery.id.in_(ids),
            WebhookDelivery.state == PENDING,
            WebhookDelivery.due_at <= now,
        )
        .values(
            state=SENDING,
            claim=claim,
            lease_until=now + LEASE,
            last_attempt_at=now,
            attempts=WebhookDelivery.attempts + 1,
        )
        .execution_options(synchronize_session=False)
    )


def _in_hand(session: Session, claim: str, *, now: datetime) -> list[Claimed]:
    mine = (
        select(WebhookDelivery, WebhookEndpoint.url)
        .join(WebhookEndpoint, WebhookEndpoint.id == WebhookDelivery.endpoint_id)
        .where(WebhookDelivery.claim == claim)
        .order_by(WebhookDelivery.due_at, WebhookDelivery.id)
    )
    found = session.execute(mine).all()
    keys = {delivery.endpoint_id for delivery, _ in found}
    signing = {one: _secrets(session, one, now=now) for one in sorted(keys)}
    return [
        Claimed(
            id=delivery.id,
            claim=claim,
            endpoint_id=delivery.endpoint_id,
            url=url,
            body=delivery.body,
            attempts=delivery.attempts,
            headers=_headers(delivery, signing[delivery.endpoint_id], now=now),
        )
        for delivery, url in found
    ]


def _secrets(session: Session, endpoint_id: str, *, now: datetime) -> list[str]:
    """The secrets that sign; none where the key that sealed them is gone."""
    try:
        return valid_secrets(*queries.secrets_of(session, endpoint_id), now=now)
    except CannotOpen:
        return []


def _headers(
    delivery: WebhookDelivery, secrets: list[str], *, now: datetime
) -> dict[str, str] | None:
    if not secrets:
        return None
    timestamp = int(now.timestamp())
    return {
        "Content-Type": "application/json",
        "User-Agent": USER_AGENT,
        "webhook-id": delivery.id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(secrets, delivery.id, timestamp, delivery.body),
    }


def call(claimed: Claimed) -> Outcome:
    """Send one; no database here, so that many can wait for answers at once."""
    if claimed.headers is None:
        return Outcome(None, "secret-unreadable")
    try:
        answer = outgoing.send(
            "POST", claimed.url, headers=claimed.headers, body=claimed.body.encode()
        )
    except (outgoing.AddressRefused, outgoing.CallFailed) as failed:
        return Outcome(None, failed.code)
    return Outcome(answer.status, None)


def record_outcome(
    session: Session,
    claimed: Claimed,
    outcome: Outcome,
    *,
    duration_ms: int,
    luck: float,
    now: datetime,
) -> None:
    """Note how an attempt ended; nothing where somebody else has the delivery by now."""
    mine = select(WebhookDelivery).where(
        WebhookDelivery.id == claimed.id, WebhookDelivery.claim == claimed.claim
    )
    delivery = session.scalars(mine.with_for_update()).one_or_none()
    if delivery is None:
        return
    endpoint = session.get_one(WebhookEndpoint, claimed.endpoint_id, with_for_update=True)
    verdict = judge(
        outcome.status,
        attempts=claimed.attempts,
        failing_since=endpoint.failing_since,
        now=now,
        luck=luck,
    )
    delivery.state, delivery.claim, delivery.lease_until = verdict.state, None, None
    delivery.status_code, delivery.error = outcome.status, outcome.error
    delivery.duration_ms = duration_ms
    delivery.due_at = now + verdict.wait if verdict.wait else delivery.due_at
    delivery.ended_at = None if verdict.wait else now
    if verdict.state == DELIVERED:
        _note_health(session, endpoint, failing_since=None, last_delivered_at=now)
    elif endpoint.failing_since is None:
        _note_health(session, endpoint, failing_since=now)
    session.flush()
    if verdict.disable and endpoint.enabled:
        disable_endpoint(session, endpoint, verdict.disable, now=now)


def _note_health(session: Session, endpoint: WebhookEndpoint, **values: Any) -> None:
    """Note it beside the version: what people edit has not changed by it."""
    session.execute(
        update(WebhookEndpoint)
        .where(WebhookEndpoint.id == endpoint.id)
        .values(**values)
        .execution_options(synchronize_session="fetch")
    )
