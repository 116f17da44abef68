"""Endpoints for tests: a resolver that says every name is public, and the doors' addresses."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventsvc.core import outgoing
from eventsvc.core.rights import system
from eventsvc.webhooks import actions
from eventsvc.webhooks.models import WebhookDelivery, WebhookEndpoint
from tests.factories.events import NOW

HOUSE = system("test")
URL = "https://hooks.example.org/in"


def public(_name: str) -> list[str]:
    return ["93.184.215.14"]


def an_endpoint(
    session: Session, organiser_id: str, url: str = URL, **values: Any
) -> tuple[WebhookEndpoint, str]:
    """An endpoint that hears of everything unless told."""
    told = {"url": url, "types": ["*"], **values}
    with outgoing.resolving_with(public if ":" not in url[8:] else lambda _name: ["127.0.0.1"]):
        return actions.add_endpoint(session, HOUSE, organiser_id, told, now=NOW)


def deliveries(session: Session) -> list[WebhookDelivery]:
    """All deliveries, in order."""
    asked = select(WebhookDelivery).order_by(WebhookDelivery.created_at, WebhookDelivery.id)
    return list(session.scalars(asked).unique())
