"""How long deliveries are kept (api.md §11)."""

from __future__ import annotations

from sqlalchemy import select

from eventsvc.core.retention import Rule, before, deleting
from eventsvc.webhooks.models import WebhookDelivery

RULES = (
    Rule(
        "webhooks.deliveries",
        "webhook deliveries, whatever became of them",
        lambda now: select(WebhookDelivery.id).where(
            WebhookDelivery.created_at <= before(now, "retention_webhook_days")
        ),
        deleting(WebhookDelivery.id),
    ),
)
