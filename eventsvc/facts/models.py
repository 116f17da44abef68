"""Facts as rows: the memory that webhooks, digests and reports can be made from."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from eventsvc.core.db import Base, Id, Serial


class FactRow(Base):
    """One fact. Ids and states only, no names or addresses."""

    __tablename__ = "facts"
    __table_args__ = (Index("ix_facts_event", "event_id", "seq"),)

    seq: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    kind: Mapped[str]
    organiser_id: Mapped[str | None] = mapped_column(Id)
    event_id: Mapped[str | None] = mapped_column(Id)
    subject_id: Mapped[str] = mapped_column(Id)
    at: Mapped[datetime]
    payload: Mapped[dict[str, Any]]
