"""Endpoints: added, changed, given a new secret, disabled, removed."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from eventsvc.accounts.models import Organiser
from eventsvc.audit.actions import record
from eventsvc.core import outgoing
from eventsvc.core.errors import Conflict, Invalid
from eventsvc.core.rights import Actor, system
from eventsvc.core.sealed import CannotOpen
from eventsvc.mail.actions import contact_for, queue
from eventsvc.mail.policy import TRANSACTIONAL
from eventsvc.webhooks import queries
from eventsvc.webhooks.models import WebhookDelivery, WebhookEndpoint
from eventsvc.webhooks.policy import (
    BY_HAND,
    CANCELLED,
    MOST_ENDPOINTS,
    PENDING,
    TWO_SECRETS_FOR,
    written_secret,
)

DISABLED_MAIL = "webhook_disabled"


def add_endpoint(
    session: Session, actor: Actor, organiser_id: str, values: Mapping[str, Any], *, now: datetime
) -> tuple[WebhookEndpoint, str]:
    """Add an endpoint; returns it and its secret, which is shown this once.

    ``values``: ``url``, ``types``, and optionally ``description``, ``enabled``.

    Raises:
        Invalid: an address that the service does not call (security row 16).
        Conflict: ``too-many-endpoints``.
    """
    _check_url(values["url"])
    if queries.endpoints_counted(session, organiser_id) >= MOST_ENDPOINTS:
        raise Conflict("too-many-endpoints", f"An organiser has at most {MOST_ENDPOINTS}.")
    secret = written_secret(secrets.token_bytes(32))
    made = WebhookEndpoint(organiser_id=organiser_id, secret=secret, created_at=now, **values)
    if not values.get("enabled", True):
        made.disabled_reason, made.disabled_at = BY_HAND, now
    session.add(made)
    session.flush()
    changes = {"types": list(values["types"])}
    record(session, actor, "webhook-endpoint.added", made, now=now, changes=changes)
    return made, secret


def change_endpoint(
    session: Session,
    actor: Actor,
    endpoint: WebhookEndpoint,
    values: Mapping[str, Any],
    *,
    now: datetime,
) -> WebhookEndpoint:
    """Change an endpoint; ``values`` holds only what changes. Enabling it starts its count of
    failures anew.

    Raises:
        Invalid: as :func:`add_endpoint`.
    """
    if "url" in values:
        _check_url(values["url"])
    changed = sorted(name for name in values if getattr(endpoint, name) != values[name])
    for name in changed:
        setattr(endpoint, name, values[name])
    if "enabled" in changed:
        _switch(session, endpoint, now=now)
    if changed:
        session.flush()
        changes = {"fields": changed}
        record(session, actor, "webhook-endpoint.changed", endpoint, now=now, changes=changes)
    return endpoint


def _switch(session: Session, endpoint: WebhookEndpoint, *, now: datetime) -> None:
    endpoint.failing_since = None
    endpoint.disabled_reason = None if endpoint.enabled else BY_HAND
    endpoint.disabled_at = None if endpoint.enabled else now
    if not endpoint.enabled:
        _cancel_pending(session, endpoint.id, now=now)


def _check_url(url: str) -> None:
    try:
        outgoing.check(url)
    except outgoing.AddressRefused as refused:
        raise Invalid.field("/url", refused.code, str(refused)) from refused


def renew_secret(
    session: Session, actor: Actor, endpoint: WebhookEndpoint, *, now: datetime
) -> tuple[WebhookEndpoint, str]:
    """Give an endpoint a new secret; for 24 hours the old one signs too."""
    secret = written_secret(secrets.token_bytes(32))
    endpoint.previous_secret = _old_secret(session, endpoint)
    endpoint.previous_secret_until = now + TWO_SECRETS_FOR
    endpoint.secret = secret
    session.flush()
    record(session, actor, "webhook-endpoint.secret-renewed", endpoint, now=now)
    return endpoint, secret


def _old_secret(session: Session, endpoint: WebhookEndpoint) -> str | None:
    try:
        return queries.secrets_of(session, endpoint.id)[0]
    except CannotOpen:  # its key is gone, so nothing could be signed with it anyway
        return None


def remove_endpoint(
    session: Session, actor: Actor, endpoint: WebhookEndpoint, *, now: datetime
) -> None:
    """Remove an endpoint with its deliveries."""
    record(session, actor, "webhook-endpoint.removed", endpoint, now=now)
    session.delete(endpoint)
    session.flush()


def disable_endpoint(
    session: Session, endpoint: WebhookEndpoint, reason: str, *, now: datetime
) -> None:
    """Stop an endpoint that does not take what is sent, and write to its organiser."""
    since = endpoint.failing_since or now
    endpoint.enabled = False
    endpoint.disabled_reason, endpoint.disabled_at = reason, now
    endpoint.disablings += 1
    session.flush()
    _cancel_pending(session, endpoint.id, now=now)
    changes = {"reason": reason}
    house = system("webhooks.send")
    record(session, house, "webhook-endpoint.disabled", endpoint, now=now, changes=changes)
    organiser = session.get_one(Organiser, endpoint.organiser_id)
    contact = contact_for(
        session, organiser.email, name=organiser.name, locale=organiser.language, now=now
    )
    queue(
        session,
        purpose=DISABLED_MAIL,
        subject_type="webhook-endpoint",
        subject_id=endpoint.id,
        recipient_id=contact.id,
        contact=contact,
        organiser_id=organiser.id,
        revision=endpoint.disablings,
        priority=TRANSACTIONAL,
        due_at=now,
        locale=organiser.language,
        tz=organiser.timezone,
        payload={
            "label": endpoint.description or endpoint.url.split("/")[2],
            "host": endpoint.url.split("/")[2],
            "endpoint_id": endpoint.id,
            "reason": reason,
            "since": since.isoformat(),
        },
        now=now,
    )


def _cancel_pending(session: Session, endpoint_id: str, *, now: datetime) -> None:
    session.execute(
        update(WebhookDelivery)
        .where(WebhookDelivery.endpoint_id == endpoint_id, WebhookDelivery.state == PENDING)
        .values(state=CANCELLED, error="endpoint-disabled", ended_at=now)
        .execution_options(synchronize_session="fetch")
    )
