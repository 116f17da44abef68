"""What was sent in to be imported."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsvc.core.db import Base, Id, Identified
from eventsvc.core.jobs import Job


class Import(Identified, Base):
    """One file with what is to be done with it. How far it is stands in its job.

    The bytes go after seven days (``file_id`` null); the outcome stays with the job.
    """

    __tablename__ = "imports"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organiser_id", "event_id"],
            ["events.organiser_id", "events.id"],
            ondelete="CASCADE",
        ),
        Index("ix_imports_event", "event_id", "created_at", "id"),
        Index("ix_imports_created", "created_at"),
    )

    organiser_id: Mapped[str] = mapped_column(Id)
    event_id: Mapped[str] = mapped_column(Id)
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"), unique=True)
    file_id: Mapped[str | None] = mapped_column(ForeignKey("stored_files.id", ondelete="SET NULL"))
    file_name: Mapped[str]
    size: Mapped[int]
    kind: Mapped[str]
    format: Mapped[str]
    mode: Mapped[str]
    match: Mapped[str]
    notify: Mapped[bool] = mapped_column(default=False)
    charset: Mapped[str | None]
    # who sent it: the job acts, and is audited, in that name
    sent_by: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]

    job: Mapped[Job] = relationship(lazy="raise", viewonly=True)
