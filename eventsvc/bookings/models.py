"""Seats in workshops and visits, and the desk."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsvc.agenda.models import AgendaItem
from eventsvc.core.db import Base, Id, Identified, Versioned
from eventsvc.registration.models import Registration


class Booking(Identified, Versioned, Base):
    """A seat of a registration in an agenda item, or its place in the item's waiting list."""

    __tablename__ = "bookings"
    __table_args__ = (
        UniqueConstraint("event_id", "id"),
        UniqueConstraint("item_id", "sequence"),
        Index(
            "uq_bookings_active",
            "item_id",
            "registration_id",
            unique=True,
            postgresql_where=text("state <> 'cancelled'"),
            sqlite_where=text("state <> 'cancelled'"),
        ),
        Index("ix_bookings_registration", "registration_id"),
        Index("ix_bookings_participant", "participant_id", "state"),
        ForeignKeyConstraint(["event_id", "item_id"], ["agenda_items.event_id", "agenda_items.id"]),
        ForeignKeyConstraint(
            ["event_id", "registration_id"], ["registrations.event_id", "registrations.id"]
        ),
        ForeignKeyConstraint(["event_id", "bus_id"], ["buses.event_id", "buses.id"]),
    )

    organiser_id: Mapped[str] = mapped_column(Id)
    event_id: Mapped[str] = mapped_column(Id)
    item_id: Mapped[str] = mapped_column(Id)
    registration_id: Mapped[str] = mapped_column(Id)
    participant_id: Mapped[str] = mapped_column(Id)
    bus_id: Mapped[str | None] = mapped_column(Id)
    # where the guest gets on; it counts while it is a stop of that bus
    stop_id: Mapped[str | None] = mapped_column(ForeignKey("stops.id", ondelete="SET NULL"))
    state: Mapped[str]
    sequence: Mapped[int]
    promotions: Mapped[int] = mapped_column(default=0)
    # added to the item's SEQUENCE in personal calendars; only rises (calendar.md rule 15)
    changes: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]
    created_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    attended_at: Mapped[datetime | None]
    # kept after an offer lapsed: who had one waits without a second (editions.md §3.11)
    offer_ends_at: Mapped[datetime | None]

    item: Mapped[AgendaItem] = relationship(lazy="raise", viewonly=True)
    registration: Mapped[Registration] = relationship(lazy="raise", viewonly=True)


class CheckIn(Identified, Base):
    """Somebody came: to the event (``target_id`` = event) or to an item of its agenda."""

    __tablename__ = "check_ins"
    __table_args__ = (
        Index(
            "uq_check_ins_standing",
            "registration_id",
            "target_id",
            unique=True,
            postgresql_where=text("undone_at IS NULL"),
            sqlite_where=text("undone_at IS NULL"),
        ),
        Index("ix_check_ins_event", "event_id", "at", "id"),
        ForeignKeyConstraint(
            ["event_id", "registration_id"], ["registrations.event_id", "registrations.id"]
        ),
    )

    organiser_id: Mapped[str] = mapped_column(Id)
    event_id: Mapped[str] = mapped_column(Id)
    registration_id: Mapped[str] = mapped_column(Id)
    target_id: Mapped[str] = mapped_column(Id)
    item_id: Mapped[str | None] = mapped_column(Id)
    at: Mapped[datetime]
    by: Mapped[str]
    undone_at: Mapped[datetime | None]

    registration: Mapped[Registration] = relationship(lazy="raise", viewonly=True)
