"""Addresses, the outbox and what is not written to (delivery.md §1)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index, SmallInteger, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from eventsvc.core.db import Base, Id, Identified, Serial
from eventsvc.core.ids import new_id


class Contact(Identified, Base):
    """An address that mail goes to (editions.md §11): unique per ``email_key``."""

    __tablename__ = "contacts"

    email: Mapped[str]
    email_key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str | None]
    locale: Mapped[str] = mapped_column(default="en")
    zone: Mapped[str | None]
    created_at: Mapped[datetime]


class OutboxMessage(Base):
    """One row = one message to one address. Only ``mail.actions.queue`` inserts."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_ready",
            "priority",
            "ready_at",
            "id",
            postgresql_where=text("state = 'pending'"),
            sqlite_where=text("state = 'pending'"),
        ),
        Index(
            "ix_outbox_lease",
            "lease_until",
            postgresql_where=text("state IN ('claimed', 'sending')"),
            sqlite_where=text("state IN ('claimed', 'sending')"),
        ),
        Index("ix_outbox_event_state", "event_id", "state"),
        Index("ix_outbox_subject", "subject_type", "subject_id"),
        Index("ix_outbox_recipient", "recipient_id"),
        Index("ix_outbox_contact", "contact_id"),
        Index(
            "ix_outbox_batch",
            "batch_id",
            "state",
            postgresql_where=text("batch_id IS NOT NULL"),
            sqlite_where=text("batch_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    public_id: Mapped[str] = mapped_column(Id, unique=True, default=new_id)
    key: Mapped[str] = mapped_column(unique=True)
    purpose: Mapped[str]
    organiser_id: Mapped[str | None] = mapped_column(Id)
    event_id: Mapped[str | None] = mapped_column(Id)
    subject_type: Mapped[str]
    # text, not an id: a bundled mail has the subject person-day "<participant>:<date>"
    subject_id: Mapped[str]
    offset_s: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=0)
    # the participant for personal mail, else the contact (delivery.md §2)
    recipient_id: Mapped[str] = mapped_column(Id)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"))
    address: Mapped[str | None]
    locale: Mapped[str]
    tz: Mapped[str]
    payload: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(default="pending")
    priority: Mapped[int] = mapped_column(SmallInteger)
    due_at: Mapped[datetime]
    ready_at: Mapped[datetime]
    not_after: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    # claims that ended without a recorded outcome since the last one; at 5 it is poison (§5)
    unanswered: Mapped[int] = mapped_column(default=0)
    # the first attempt that was put off; retries end 48 hours later (§7)
    trying_since: Mapped[datetime | None]
    next_try_at: Mapped[datetime | None]
    claim: Mapped[str | None] = mapped_column(Id)
    lease_until: Mapped[datetime | None]
    handover_at: Mapped[datetime | None]
    first_attempt_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    smtp_code: Mapped[int | None]
    smtp_text: Mapped[str | None]
    error_class: Mapped[str | None]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    cancelled_reason: Mapped[str | None]
    # address, payload and answers were taken out, by time or by erasure
    blanked: Mapped[bool] = mapped_column(default=False, server_default=false())
    batch_id: Mapped[str | None] = mapped_column(Id)


class OutboxAttempt(Base):
    """One attempt to send one message; append-only but for its end.

    The row of an attempt that gets as far as DATA is written before it, with the outcome
    ``sending``, so that an attempt whose process died names that process. ``again``: an earlier
    attempt ended ``ambiguous``, so this one may make a copy (delivery.md §6).
    """

    __tablename__ = "outbox_attempts"
    __table_args__ = (UniqueConstraint("outbox_id", "n"),)

    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox.id", ondelete="CASCADE"))
    n: Mapped[int]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str]
    smtp_code: Mapped[int | None]
    smtp_text: Mapped[str | None]
    worker: Mapped[str]
    again: Mapped[bool] = mapped_column(default=False)


class Suppression(Identified, Base):
    """An address that is not written to. Scopes: ``policy.is_scope``.

    ``organiser_id``: whose mail it is about; null where it holds for everybody's.
    """

    __tablename__ = "suppressions"
    __table_args__ = (
        UniqueConstraint("address_lower", "scope"),
        Index("ix_suppressions_organiser", "organiser_id", "created_at", "id"),
    )

    organiser_id: Mapped[str | None] = mapped_column(Id)
    # it is made and lifted, never changed; so its tag is that of a first version
    version: ClassVar[int] = 1

    address_lower: Mapped[str]
    scope: Mapped[str]
    reason: Mapped[str]
    source: Mapped[str]
    created_at: Mapped[datetime]


class DomainBudget(Base):
    """Token bucket of one recipient domain, shared by all workers; ``*`` is the whole channel.

    ``used`` of the messages allowed in the second that began at ``window_start``. A domain is
    slowed until ``cool_until``, the channel is closed until then; ``failures`` says how often.
    """

    __tablename__ = "domain_budgets"

    domain: Mapped[str] = mapped_column(primary_key=True)
    window_start: Mapped[datetime]
    used: Mapped[int] = mapped_column(default=0)
    cool_until: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
