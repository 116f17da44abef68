"""Doors: the webhook endpoints of an organiser, and what was sent to them."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from eventsvc.core import clock
from eventsvc.core.http import Door, actor, expect, needs
from eventsvc.core.pages import ListQuery, Page, page
from eventsvc.webhooks import actions, queries
from eventsvc.webhooks.models import WebhookDelivery, WebhookEndpoint
from eventsvc.webhooks.schemas import (
    DeliveryOut,
    DeliveryQuery,
    EndpointBody,
    EndpointMade,
    EndpointOut,
    EndpointPatch,
    shown_once,
)

GATE = "whole-organiser"

endpoints = Door(
    "webhook-endpoints",
    __name__,
    url_prefix="/api/v1/organisers/<organiser_id>/webhook-endpoints",
    description="Other systems that hear what happens, and what was sent to them",
)


@endpoints.get("")
@needs("webhooks:read", gate=GATE)
@endpoints.query(ListQuery)
@endpoints.lists(EndpointOut, sort=("created_at", "url"))
def list_webhook_endpoints(session: Session, query: dict[str, Any], organiser_id: str) -> Page:
    """List the webhook endpoints of an organiser."""
    sorts = {"created_at": WebhookEndpoint.created_at, "url": WebhookEndpoint.url}
    found = queries.endpoints_of(organiser_id)
    return page(session, found, query, sorts=sorts, default="created_at")


@endpoints.post("")
@needs("webhooks:write", gate=GATE)
@endpoints.body(EndpointBody)
@endpoints.writes(201, EndpointMade)
def add_webhook_endpoint(
    session: Session, body: dict[str, Any], organiser_id: str
) -> dict[str, Any]:
    """Add a webhook endpoint; the answer shows its secret this once."""
    now = clock.now(session)
    return shown_once(actions.add_endpoint(session, actor(), organiser_id, body, now=now))


@endpoints.get("/<webhook_endpoint_id>")
@needs("webhooks:read", gate=GATE)
@endpoints.reads(EndpointOut)
def read_webhook_endpoint(
    session: Session, organiser_id: str, webhook_endpoint_id: str
) -> WebhookEndpoint:
    """Read a webhook endpoint, without its secret."""
    return queries.endpoint_of(session, organiser_id, webhook_endpoint_id)


@endpoints.patch("/<webhook_endpoint_id>")
@needs("webhooks:write", gate=GATE)
@endpoints.body(EndpointPatch)
@endpoints.writes(200, EndpointOut, precondition=True)
def change_webhook_endpoint(
    session: Session, body: dict[str, Any], organiser_id: str, webhook_endpoint_id: str
) -> WebhookEndpoint:
    """Change a webhook endpoint; `enabled` switches it off and on again."""
    found = queries.endpoint_of(session, organiser_id, webhook_endpoint_id)
    expect(found)
    return actions.change_endpoint(session, actor(), found, body, now=clock.now(session))


@endpoints.delete("/<webhook_endpoint_id>")
@needs("webhooks:write", gate=GATE)
@endpoints.writes(204, precondition=True)
def remove_webhook_endpoint(session: Session, organiser_id: str, webhook_endpoint_id: str) -> None:
    """Remove a webhook endpoint with its deliveries."""
    found = queries.endpoint_of(session, organiser_id, webhook_endpoint_id)
    expect(found)
    actions.remove_endpoint(session, actor(), found, now=clock.now(session))


@endpoints.post("/<webhook_endpoint_id>/secret")
@needs("webhooks:write", gate=GATE)
@endpoints.writes(200, EndpointMade)
def renew_webhook_secret(
    session: Session, organiser_id: str, webhook_endpoint_id: str
) -> dict[str, Any]:
    """Give an endpoint a new secret, shown this once; for 24 hours both sign."""
    found = queries.endpoint_of(session, organiser_id, webhook_endpoint_id)
    return shown_once(actions.renew_secret(session, actor(), found, now=clock.now(session)))


@endpoints.get("/<webhook_endpoint_id>/deliveries")
@needs("webhooks:read", gate=GATE)
@endpoints.query(DeliveryQuery)
@endpoints.lists(DeliveryOut, sort=("created_at", "due_at"))
def list_webhook_deliveries(
    session: Session, query: dict[str, Any], organiser_id: str, webhook_endpoint_id: str
) -> Page:
    """List what was sent to an endpoint in the last 30 days, or waits, newest first."""
    found = queries.endpoint_of(session, organiser_id, webhook_endpoint_id)
    sorts = {"created_at": WebhookDelivery.created_at, "due_at": WebhookDelivery.due_at}
    deliveries = queries.deliveries_of(organiser_id, found.id, query)
    return page(session, deliveries, query, sorts=sorts, default="-created_at")


@endpoints.post("/<webhook_endpoint_id>/deliveries/<delivery_id>/redeliver")
@needs("webhooks:write", gate=GATE)
@endpoints.writes(200, DeliveryOut, computed=True)
def redeliver_webhook(
    session: Session, organiser_id: str, webhook_endpoint_id: str, delivery_id: str
) -> WebhookDelivery:
    """Send a delivery again, with the same id and body."""
    endpoint = queries.endpoint_of(session, organiser_id, webhook_endpoint_id)
    delivery = queries.delivery_of(session, organiser_id, endpoint.id, delivery_id)
    return actions.redeliver(session, actor(), endpoint, delivery, now=clock.now(session))


doors: tuple[Door, ...] = (endpoints,)
