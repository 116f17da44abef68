"""What an organiser writes and hands out: documents and pages (editions.md §9)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsvc.core.db import Base, Identified, Versioned
from eventsvc.core.files import StoredFile


class EventDocument(Identified, Versioned, Base):
    """A document of an event: a kept file, or a link, or so far known by its name only.

    ``downloads`` counts whole answers to guests and the public; it is no edit, so it leaves
    ``version`` as it is.
    """

    __tablename__ = "documents"
    __table_args__ = (
        UniqueConstraint("event_id", "id"),
        CheckConstraint("url IS NULL OR file_id IS NULL", name="one_content"),
        Index("ix_documents_order", "event_id", "position", "id"),
    )

    event_id: Mapped[str] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    kind: Mapped[str]
    title: Mapped[str]
    language: Mapped[str | None]
    description: Mapped[str | None]
    visibility: Mapped[str] = mapped_column(default="staff")
    url: Mapped[str | None]
    file_id: Mapped[str | None] = mapped_column(ForeignKey("stored_files.id"), index=True)
    source: Mapped[str | None]
    downloads: Mapped[int] = mapped_column(default=0)
    position: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]

    # its bytes are deferred: joined, it is what a list says about the content
    file: Mapped[StoredFile | None] = relationship(lazy="joined")


class EventPage(Identified, Versioned, Base):
    """A page of an event made of blocks: how to arrive, hotels, code of conduct, photo rules …

    ``blocks``: objects with ``type`` and what that type holds (policy/blocks).
    """

    __tablename__ = "event_pages"
    __table_args__ = (
        UniqueConstraint("event_id", "id"),
        Index("ix_event_pages_order", "event_id", "position", "id"),
    )

    event_id: Mapped[str] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    kind: Mapped[str]
    title: Mapped[str]
    language: Mapped[str]
    visibility: Mapped[str]
    blocks: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    position: Mapped[int] = mapped_column(default=0)
    updated_at: Mapped[datetime]
