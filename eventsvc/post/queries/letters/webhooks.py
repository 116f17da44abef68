"""The letter that says that an endpoint of webhooks was switched off (api.md §11)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from eventsvc.accounts.models import Organiser
from eventsvc.core import config
from eventsvc.mail.models import OutboxMessage
from eventsvc.post.policy import Ended, Letter


def webhook_disabled(session: Session, message: OutboxMessage, _now: datetime) -> Letter | Ended:
    """Which endpoint, why and since when, as it was frozen when the endpoint was switched off."""
    organiser = session.get(Organiser, message.organiser_id)
    if organiser is None:
        return Ended("cancelled", "organiser gone")
    told = message.payload
    address = f"/api/v1/organisers/{organiser.id}/webhook-endpoints/{told['endpoint_id']}"
    return Letter(
        template="webhook_disabled",
        context={
            "name": organiser.name,
            "organiser": {"name": organiser.name, "email": organiser.email},
            "event": {"title": organiser.name},
            "label": told["label"],
            "host": told["host"],
            "reason": told["reason"],
            "since": datetime.fromisoformat(told["since"]),
            "zone": organiser.timezone,
            "endpoint_url": f"{config.current().base_url}{address}",
        },
        sender_name=organiser.name,
        reply_to=organiser.email,
    )
