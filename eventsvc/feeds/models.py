"""Calendar feeds: a feed is a row before it is an answer (design law 5)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from eventsvc.core.db import Base, Id, Identified


class Feed(Identified, Base):
    """The joined bytes of one feed and the revisions they were joined from.

    kind ``series``, ``event`` or ``personal``; ``scope_id`` is the series, event or participant.
    """

    __tablename__ = "feeds"
    __table_args__ = (UniqueConstraint("kind", "scope_id"),)

    kind: Mapped[str]
    scope_id: Mapped[str] = mapped_column(Id)
    # the calendar revision (ical) and, for personal feeds, the participant's
    scope_revision: Mapped[int]
    participant_revision: Mapped[int] = mapped_column(default=0)
    etag: Mapped[str]
    body: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    # made when first asked for, with a tag of its own (calendar.md rule 40)
    gzip_etag: Mapped[str | None]
    gzip_body: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    items: Mapped[int]
    changed_at: Mapped[datetime]
    joined_at: Mapped[datetime]


class CalendarToken(Identified, Base):
    """The secret address of a personal feed; only its digest is stored (calendar.md rule 30)."""

    __tablename__ = "calendar_tokens"
    __table_args__ = (
        Index("ix_calendar_tokens_participant", "participant_id"),
        Index("ix_calendar_tokens_last_fetch", "last_fetch_at"),
    )

    digest: Mapped[str] = mapped_column(unique=True)
    participant_id: Mapped[str] = mapped_column(ForeignKey("participants.id"))
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"))
    number: Mapped[int]
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_fetch_at: Mapped[datetime | None]
    last_client: Mapped[str | None]
