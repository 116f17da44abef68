"""One row for everything a participant has promised to attend."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from eventsvc.core.db import Base, Id, Identified


class Promise(Identified, Base):
    """A participant will be at a session, visit or meeting. Untimed items clash with none."""

    __tablename__ = "promises"
    __table_args__ = (
        UniqueConstraint("participant_id", "item_id"),
        Index("ix_promises_item", "item_id"),
        Index("ix_promises_span", "participant_id", "starts_at", "ends_at"),
        ForeignKeyConstraint(
            ["event_id", "participant_id"], ["participants.event_id", "participants.id"]
        ),
    )

    event_id: Mapped[str] = mapped_column(Id)
    participant_id: Mapped[str] = mapped_column(Id)
    kind: Mapped[str]
    item_id: Mapped[str] = mapped_column(Id)
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    # an item was moved onto another promise: both are kept, and people sort it out
    overlaps: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
