"""Deliveries: written with the fact, and sent again by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from eventsvc.audit.actions import record
from eventsvc.core.db import nudge
from eventsvc.core.errors import Conflict
from eventsvc.core.ids import new_id
from eventsvc.core.rights import Actor
from eventsvc.webhooks import queries
from eventsvc.webhooks.models import WebhookDelivery, WebhookEndpoint
from eventsvc.webhooks.policy import PENDING, SENDING, body_of, data_of, type_of

SEND = "webhooks.send"


def tell_outside(
    session: Session,
    *,
    kind: str,
    organiser_id: str,
    event_id: str | None,
    subject_id: str,
    payload: Mapping[str, Any],
    now: datetime,
) -> int:
    """Write what is to be sent of a fact; returns how many endpoints hear of it."""
    told = type_of(kind)
    if told is None:
        return 0
    endpoints = queries.hearing(session, organiser_id, told)
    data = data_of(kind, subject_id, payload)
    for endpoint_id in endpoints:
        delivery_id = new_id()
        body = body_of(
            delivery_id, told, at=now, organiser_id=organiser_id, event_id=event_id, data=data
        )
        session.add(
            WebhookDelivery(
                id=delivery_id,
                organiser_id=organiser_id,
                endpoint_id=endpoint_id,
                event_id=event_id,
                type=told,
                body=body,
                due_at=now,
                created_at=now,
            )
        )
    if endpoints:
        nudge(session, SEND)
    return len(endpoints)


def redeliver(
    session: Session,
    actor: Actor,
    endpoint: WebhookEndpoint,
    delivery: WebhookDelivery,
    *,
    now: datetime,
) -> WebhookDelivery:
    """Send a delivery again, with the same id and body; its attempts are counted anew.

    Raises:
        Conflict: ``endpoint-disabled``, or ``delivery-in-progress`` while it is being sent.
    """
    if not endpoint.enabled:
        raise Conflict("endpoint-disabled", "Enable the endpoint first.")
    if delivery.state == SENDING:
        raise Conflict("delivery-in-progress", "It is being sent just now.")
    delivery.state, delivery.attempts, delivery.due_at = PENDING, 0, now
    delivery.error, delivery.status_code, delivery.ended_at = None, None, None
    session.flush()
    record(session, actor, "webhook-delivery.sent-again", delivery, now=now)
    nudge(session, SEND)
    return delivery
