"""Series, editions and what stands around them (editions.md §1, §12)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from eventsvc.core.db import Base, Document, Id, Identified, Shown, Versioned, WallTime


class Series(Identified, Versioned, Shown, Base):
    """A conference series, e.g. *Clusters meet Regions*."""

    __tablename__ = "series"
    __table_args__ = (
        UniqueConstraint("organiser_id", "id"),
        ForeignKeyConstraint(
            ["organiser_id", "run_by_id"], ["organisations.organiser_id", "organisations.id"]
        ),
    )

    organiser_id: Mapped[str] = mapped_column(ForeignKey("organisers.id"))
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    short_name: Mapped[str | None]
    aliases: Mapped[list[str]] = mapped_column(default=list)
    description: Mapped[str | None]
    languages: Mapped[list[str]] = mapped_column(default=list)
    color: Mapped[str | None]
    # the body printed as organiser of the series, which need not be the tenant
    run_by_id: Mapped[str | None] = mapped_column(Id)
    interval_years: Mapped[int | None]
    archive: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    sources: Mapped[list[str]] = mapped_column(default=list)
    created_at: Mapped[datetime]


class Event(Identified, Versioned, Shown, Base):
    """One edition, or an event of its own. Its row is the one lock of seats and promises."""

    __tablename__ = "events"
    __table_args__ = (
        UniqueConstraint("organiser_id", "id"),
        UniqueConstraint("series_id", "slug"),
        Index(
            "uq_events_slug_without_series",
            "slug",
            unique=True,
            postgresql_where=text("series_id IS NULL"),
            sqlite_where=text("series_id IS NULL"),
        ),
        Index("ix_events_order", "organiser_id", "sort_on", "id"),
        Index("ix_events_clock", "state", "starts_at", "ends_at"),
        ForeignKeyConstraint(["organiser_id", "series_id"], ["series.organiser_id", "series.id"]),
        ForeignKeyConstraint(["organiser_id", "parent_id"], ["events.organiser_id", "events.id"]),
        CheckConstraint("capacity IS NULL OR capacity >= 0", name="capacity"),
        CheckConstraint("ends_at IS NULL OR ends_at > starts_at", name="span"),
    )

    organiser_id: Mapped[str] = mapped_column(ForeignKey("organisers.id"))
    series_id: Mapped[str | None] = mapped_column(Id)
    parent_id: Mapped[str | None] = mapped_column(Id)
    parent_relation: Mapped[str | None]
    slug: Mapped[str]
    title: Mapped[str]
    title_printed: Mapped[bool] = mapped_column(default=True)
    theme: Mapped[str | None]
    theme_printed: Mapped[bool] = mapped_column(default=True)
    description: Mapped[str | None]
    # an edition number as printed, and one that only follows from others: never shown as printed
    edition: Mapped[int | None]
    edition_printed: Mapped[str | None]
    edition_derived: Mapped[int | None]
    ordinal_in_country: Mapped[int | None]
    region: Mapped[str | None]
    city: Mapped[str | None]
    country: Mapped[str | None]
    mode: Mapped[str | None]
    mode_basis: Mapped[str | None]
    timezone: Mapped[str | None]
    timezone_basis: Mapped[str | None]
    languages: Mapped[list[str]] = mapped_column(default=list)
    color: Mapped[str | None]
    synthetic: Mapped[bool] = mapped_column(default=False)

    # dates: how much is known (day, month, year, none), then what is known
    date_precision: Mapped[str] = mapped_column(default="none")
    starts_wall: Mapped[datetime | None] = mapped_column(WallTime)
    ends_wall: Mapped[datetime | None] = mapped_column(WallTime)
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    all_day: Mapped[bool] = mapped_column(default=False)
    month: Mapped[str | None]
    year: Mapped[int | None]
    not_after: Mapped[date | None]
    before_on: Mapped[date | None]
    before_event_id: Mapped[str | None] = mapped_column(Id)
    length_days: Mapped[int | None]
    # order in time: start, else not_after, else the day before ``before``, else null (last)
    sort_on: Mapped[date | None]
    # +1 each time the start moves by reminder_move_threshold or more (delivery.md §2)
    starts_rev: Mapped[int] = mapped_column(default=0)

    state: Mapped[str] = mapped_column(default="idea")
    stated_status: Mapped[str | None]
    recorded: Mapped[bool] = mapped_column(default=False)
    announced_at: Mapped[datetime | None]
    first_published_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    state_reason: Mapped[str | None]
    cancellations: Mapped[int] = mapped_column(default=0)

    registration_opens_at: Mapped[datetime | None]
    registration_closes_at: Mapped[datetime | None]
    cancel_until: Mapped[datetime | None]
    email_proof: Mapped[bool] = mapped_column(default=True)
    approval: Mapped[bool] = mapped_column(default=False)
    capacity: Mapped[int | None]
    capacity_on_site: Mapped[int | None]
    capacity_online: Mapped[int | None]
    over_capacity: Mapped[bool] = mapped_column(default=False)
    waiting_list: Mapped[bool] = mapped_column(default=True)
    waiting_list_limit: Mapped[int | None]
    # null: 7 days and 1 day before the start (editions.md §3)
    auto_promote_until: Mapped[datetime | None]
    promotion_ends: Mapped[datetime | None]
    offer_hours: Mapped[int] = mapped_column(default=24)
    allow_overlaps: Mapped[bool] = mapped_column(default=False)
    register_during_event: Mapped[bool] = mapped_column(default=False)
    calendar_mail: Mapped[str] = mapped_column(default="publish")
    tell_default: Mapped[str | None]
    auto_release_days: Mapped[int] = mapped_column(default=5)
    report_list: Mapped[list[str]] = mapped_column(default=list)
    join_url: Mapped[str | None]
    archive: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    sources: Mapped[list[str]] = mapped_column(default=list)
    created_at: Mapped[datetime]
