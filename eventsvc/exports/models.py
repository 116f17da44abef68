"""What was asked for as a file."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsvc.core.db import Base, Id, Identified
from eventsvc.core.files import StoredFile
from eventsvc.core.jobs import Job


class Export(Identified, Base):
    """One file to be made. It is there from the end of its job until ``expires_at``."""

    __tablename__ = "exports"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organiser_id", "event_id"],
            ["events.organiser_id", "events.id"],
            ondelete="CASCADE",
        ),
        Index("ix_exports_event", "event_id", "created_at", "id"),
        Index("ix_exports_expires", "expires_at"),
    )

    organiser_id: Mapped[str] = mapped_column(Id)
    event_id: Mapped[str] = mapped_column(Id)
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"), unique=True)
    file_id: Mapped[str | None] = mapped_column(ForeignKey("stored_files.id", ondelete="SET NULL"))
    file_name: Mapped[str]
    kind: Mapped[str]
    format: Mapped[str]
    # who asked: their rights decide which columns the file has
    asked_by: Mapped[dict[str, Any]]
    hidden: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]

    job: Mapped[Job] = relationship(lazy="raise", viewonly=True)
    file: Mapped[StoredFile | None] = relationship(lazy="raise", viewonly=True)
