"""The preparation of an edition: what is to be done by when, and by whom (editions.md §9, 29)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from eventsvc.core.db import Base, Identified, Versioned


class Milestone(Identified, Versioned, Base):
    """Something to be done. Due ``due_days`` after the first day (before it where negative), so
    that it moves with the edition, or on the day ``due_on``."""

    __tablename__ = "milestones"
    __table_args__ = (
        UniqueConstraint("event_id", "id"),
        CheckConstraint("(due_days IS NULL) <> (due_on IS NULL)", name="one_due"),
        Index("ix_milestones_order", "event_id", "position", "id"),
        Index("ix_milestones_state", "state", "event_id"),
    )

    event_id: Mapped[str] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    title: Mapped[str]
    note: Mapped[str | None]
    due_days: Mapped[int | None]
    due_on: Mapped[date | None]
    owner_name: Mapped[str | None]
    owner_email: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="open")
    state_at: Mapped[datetime | None]
    position: Mapped[int] = mapped_column(default=0)
