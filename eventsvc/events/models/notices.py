"""The data-protection notice of an event, version by version (editions.md §8, 23)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from eventsvc.core.db import Base, Id, Identified, Versioned


class Notice(Identified, Versioned, Base):
    """The notice of an event in one language as it is now; ``version`` is its number.

    ``content`` has the names of ``policy.NOTICE_FIELDS``.
    """

    __tablename__ = "notices"
    __table_args__ = (UniqueConstraint("event_id", "language"),)

    event_id: Mapped[str] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    language: Mapped[str]
    content: Mapped[dict[str, Any]]
    updated_at: Mapped[datetime]


class NoticeVersion(Identified, Base):
    """What a notice said under one number; rows are appended, never changed."""

    __tablename__ = "notice_versions"
    __table_args__ = (
        UniqueConstraint("event_id", "language", "number"),
        ForeignKeyConstraint(
            ["event_id", "language"], ["notices.event_id", "notices.language"], ondelete="CASCADE"
        ),
    )

    event_id: Mapped[str] = mapped_column(Id)
    language: Mapped[str]
    number: Mapped[int]
    content: Mapped[dict[str, Any]]
    at: Mapped[datetime]
