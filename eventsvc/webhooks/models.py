"""Endpoints and what was sent to them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from eventsvc.core.db import Base, Id, Identified, Versioned
from eventsvc.core.sealed import SealedText


class WebhookEndpoint(Identified, Versioned, Base):
    """An address of another system that hears what happens to an organiser's events.

    The secrets are read only where they are needed: where a key of the house was lost, the
    endpoint can still be seen and given a new secret.
    """

    __tablename__ = "webhook_endpoints"
    __table_args__ = (UniqueConstraint("organiser_id", "id"),)

    organiser_id: Mapped[str] = mapped_column(ForeignKey("organisers.id"))
    url: Mapped[str]
    description: Mapped[str | None]
    types: Mapped[list[str]]
    enabled: Mapped[bool] = mapped_column(default=True)
    disabled_reason: Mapped[str | None]
    disabled_at: Mapped[datetime | None]
    disablings: Mapped[int] = mapped_column(default=0)
    secret: Mapped[str] = mapped_column(SealedText("webhooks.secret"), deferred=True)
    previous_secret: Mapped[str | None] = mapped_column(
        SealedText("webhooks.previous_secret"), deferred=True
    )
    previous_secret_until: Mapped[datetime | None]
    failing_since: Mapped[datetime | None]
    last_delivered_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class WebhookDelivery(Identified, Base):
    """One event told to one endpoint. Its id is the ``webhook-id``, its body is never changed."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organiser_id", "endpoint_id"],
            ["webhook_endpoints.organiser_id", "webhook_endpoints.id"],
            ondelete="CASCADE",
        ),
        Index(
            "ix_webhook_deliveries_due",
            "due_at",
            postgresql_where=text("state = 'pending'"),
            sqlite_where=text("state = 'pending'"),
        ),
        Index(
            "ix_webhook_deliveries_lease",
            "lease_until",
            postgresql_where=text("state = 'sending'"),
            sqlite_where=text("state = 'sending'"),
        ),
        Index("ix_webhook_deliveries_endpoint", "endpoint_id", "created_at"),
        Index("ix_webhook_deliveries_created", "created_at"),
    )

    organiser_id: Mapped[str] = mapped_column(Id)
    endpoint_id: Mapped[str] = mapped_column(Id)
    event_id: Mapped[str | None] = mapped_column(Id)
    type: Mapped[str]
    body: Mapped[str]
    state: Mapped[str] = mapped_column(default="pending")
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    claim: Mapped[str | None] = mapped_column(Id)
    lease_until: Mapped[datetime | None]
    last_attempt_at: Mapped[datetime | None]
    status_code: Mapped[int | None]
    error: Mapped[str | None]
    duration_ms: Mapped[int | None]
    ended_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
