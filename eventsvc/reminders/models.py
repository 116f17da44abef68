"""Rules of who is reminded of what, announcements of organisers, digests of what changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from eventsvc.core.db import Base, Id, Identified, Versioned


class ReminderRule(Identified, Versioned, Base):
    """A rule of one event that differs from the defaults (editions.md §7): another offset, or off.

    purpose: ``practical_information``, ``day_ahead``, ``starting_soon``; ``offset_s`` seconds
    before the start. ``item_id``: for one session or visit alone, in place of the event's rules.
    """

    __tablename__ = "reminder_rules"
    __table_args__ = (
        Index(
            "uq_reminder_rules_of_event",
            "event_id",
            "purpose",
            "offset_s",
            unique=True,
            postgresql_where=text("item_id IS NULL"),
            sqlite_where=text("item_id IS NULL"),
        ),
        UniqueConstraint("event_id", "item_id", "purpose", "offset_s"),
        ForeignKeyConstraint(
            ["event_id", "item_id"],
            ["agenda_items.event_id", "agenda_items.id"],
            ondelete="CASCADE",
        ),
    )

    event_id: Mapped[str] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    item_id: Mapped[str | None] = mapped_column(Id)
    purpose: Mapped[str]
    offset_s: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True)


class Announcement(Identified, Versioned, Base):
    """Something an organiser tells many people of one event. States: ``policy.announcements``.

    ``texts``: one {language, subject, body} per language, the body in Markdown. ``audience``:
    plain values of ``policy.Audience``. Its messages have its id as ``batch_id``; whom the next
    part is for follows after the participant ``queued_up_to``.
    """

    __tablename__ = "announcements"
    __table_args__ = (
        UniqueConstraint("event_id", "id"),
        ForeignKeyConstraint(
            ["organiser_id", "event_id"],
            ["events.organiser_id", "events.id"],
            ondelete="CASCADE",
        ),
        Index("ix_announcements_event", "event_id", "created_at", "id"),
        Index(
            "ix_announcements_due",
            "scheduled_at",
            postgresql_where=text("state IN ('scheduled', 'sending')"),
            sqlite_where=text("state IN ('scheduled', 'sending')"),
        ),
    )

    organiser_id: Mapped[str] = mapped_column(Id)
    event_id: Mapped[str] = mapped_column(Id)
    title: Mapped[str]
    texts: Mapped[list[dict[str, Any]]]
    audience: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(default="draft")
    reason: Mapped[str | None]
    scheduled_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    queued_up_to: Mapped[str | None] = mapped_column(Id)
    queued_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Digest(Identified, Versioned, Base):
    """What changed in a published programme, told in one mail (delivery.md §4).

    States: ``open`` (gathers, sealed at ``seal_at``), ``held`` (gathers until it is released),
    ``sealed`` (queued for ``told`` people), ``empty`` (all was undone). ``number`` counts per event
    and is the revision of its messages. At most one of an event gathers.
    """

    __tablename__ = "digests"
    __table_args__ = (
        UniqueConstraint("event_id", "number"),
        UniqueConstraint("event_id", "id"),
        Index(
            "uq_digests_gathering",
            "event_id",
            unique=True,
            postgresql_where=text("state IN ('open', 'held')"),
            sqlite_where=text("state IN ('open', 'held')"),
        ),
        Index(
            "ix_digests_due",
            "seal_at",
            postgresql_where=text("state = 'open'"),
            sqlite_where=text("state = 'open'"),
        ),
    )

    organiser_id: Mapped[str] = mapped_column(ForeignKey("organisers.id"))
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(default="open")
    opened_at: Mapped[datetime]
    last_change_at: Mapped[datetime]
    seal_at: Mapped[datetime]
    sealed_at: Mapped[datetime | None]
    told: Mapped[int] = mapped_column(default=0)


class ProgrammeChange(Identified, Base):
    """One thing that guests saw change. ``kind``: title, room, time, mode, cancelled or added.

    ``whom``: ``hit`` (whose own programme the item is in) or ``all``.
    """

    __tablename__ = "programme_changes"
    __table_args__ = (
        ForeignKeyConstraint(
            ["event_id", "digest_id"], ["digests.event_id", "digests.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["event_id", "item_id"],
            ["agenda_items.event_id", "agenda_items.id"],
            ondelete="CASCADE",
        ),
        Index("ix_programme_changes_digest", "digest_id", "at", "id"),
        Index("ix_programme_changes_item", "event_id", "item_id"),
    )

    event_id: Mapped[str] = mapped_column(Id)
    digest_id: Mapped[str] = mapped_column(Id)
    item_id: Mapped[str] = mapped_column(Id)
    kind: Mapped[str]
    old: Mapped[Any] = mapped_column(JSON)
    new: Mapped[Any] = mapped_column(JSON)
    whom: Mapped[str]
    at: Mapped[datetime]
