"""Stored calendar items: a text is a row before it is part of an answer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from eventsvc.core.db import Base, Id, Identified


class CalendarEntry(Identified, Base):
    """One VEVENT. The UID survives every change; SEQUENCE never falls (calendar.md §3).

    owner_kind ``item`` (a session or visit of the agenda), ``banner`` (the all-day bar of an
    event) or ``bus`` (a departure). ``scope_id`` is the event. Texts are public; personal feeds
    fill in their own lines while joining (calendar.md rule 41).
    """

    __tablename__ = "calendar_entries"
    __table_args__ = (
        UniqueConstraint("owner_kind", "owner_id"),
        Index("ix_calendar_entries_scope", "scope_id"),
    )

    uid: Mapped[str] = mapped_column(unique=True)
    owner_kind: Mapped[str]
    owner_id: Mapped[str] = mapped_column(Id)
    scope_id: Mapped[str] = mapped_column(Id)
    series_id: Mapped[str | None] = mapped_column(Id, index=True)
    sequence: Mapped[int] = mapped_column(default=0)
    content_key: Mapped[str]
    status: Mapped[str]
    text: Mapped[str] = mapped_column(Text)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    zone: Mapped[str | None]
    first_year: Mapped[int]
    last_year: Mapped[int]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    # taken out 30 days after a cancelled item's end (rule 17); the row keeps UID and SEQUENCE
    removed_at: Mapped[datetime | None]


class CalendarScope(Base):
    """The revision of everything shown of one event or one series; +1 with each change."""

    __tablename__ = "calendar_scopes"

    scope_id: Mapped[str] = mapped_column(Id, primary_key=True)
    revision: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]
