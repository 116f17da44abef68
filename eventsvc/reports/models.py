"""The post-event report: a row before it is a page (design law 5)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from eventsvc.core.db import Base, Id, Identified, Versioned


class Report(Identified, Versioned, Base):
    """One revision of the report of one event: opened, written once, checked, released."""

    __tablename__ = "reports"
    __table_args__ = (UniqueConstraint("event_id", "revision"),)

    organiser_id: Mapped[str] = mapped_column(Id)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"))
    revision: Mapped[int]
    state: Mapped[str] = mapped_column(default="draft")
    opened_at: Mapped[datetime]
    written_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    # every figure with its definition, the query time and the software version; never changed
    snapshot: Mapped[dict[str, Any] | None]


class ReportFile(Identified, Base):
    """A report as it was rendered, served as it was stored."""

    __tablename__ = "report_files"
    __table_args__ = (UniqueConstraint("report_id", "format", "language"),)

    report_id: Mapped[str] = mapped_column(ForeignKey("reports.id", ondelete="CASCADE"))
    format: Mapped[str]
    language: Mapped[str]
    media_type: Mapped[str]
    etag: Mapped[str]
    body: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
