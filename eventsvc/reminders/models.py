"""Rules of who is reminded of what, and when."""

from __future__ import annotations

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from eventsvc.core.db import Base, Identified, Versioned


class ReminderRule(Identified, Versioned, Base):
    """A rule of one event that differs from the defaults (editions.md §7): another offset, or off.

    purpose: ``practical_information``, ``day_ahead``, ``starting_soon``; ``offset_s`` seconds
    before the start.
    """

    __tablename__ = "reminder_rules"
    __table_args__ = (UniqueConstraint("event_id", "purpose", "offset_s"),)

    event_id: Mapped[str] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    purpose: Mapped[str]
    offset_s: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True)
