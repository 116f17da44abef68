"""What a site visit has beyond an agenda item (editions.md §5)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsvc.agenda.models import AgendaItem
from eventsvc.core.db import Base, Document, Id, Identified, Shown, Versioned, WallTime


class Visit(Shown, Base):
    """The visit's own columns, under the id of its agenda item."""

    __tablename__ = "visits"
    __table_args__ = (
        UniqueConstraint("event_id", "id"),
        ForeignKeyConstraint(
            ["event_id", "id"], ["agenda_items.event_id", "agenda_items.id"], ondelete="CASCADE"
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    event_id: Mapped[str] = mapped_column(Id)
    host_organisation_id: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"))
    place: Mapped[str | None]
    place_country: Mapped[str | None]
    subject: Mapped[str | None]
    meeting_point: Mapped[str | None]
    identity_fields: Mapped[list[str]] = mapped_column(default=list)
    identity_purpose: Mapped[str | None]
    identity_data_deadline: Mapped[datetime | None]
    # walking, shoes, photo ban, step-free, return time, station and airport reached when
    practical: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)

    item: Mapped[AgendaItem] = relationship(
        lazy="raise",
        viewonly=True,
        primaryjoin="Visit.id == AgendaItem.id",
        foreign_keys="Visit.id",
    )
    buses: Mapped[list[Bus]] = relationship(
        lazy="raise",
        viewonly=True,
        order_by="(Bus.position, Bus.id)",
        primaryjoin="Visit.id == Bus.visit_id",
        foreign_keys="Bus.visit_id",
    )

    @property
    def version(self) -> int:
        """The version of the whole visit is that of its agenda item."""
        return self.item.version

    @property
    def expanded(self) -> frozenset[str]:
        """What a caller asked to see in full beside its item (api.md §4)."""
        return self.item.expanded

    @property
    def timezone(self) -> str:
        """The IANA zone its wall times and those of its stops are in."""
        return self.item.timezone


class Bus(Identified, Versioned, Shown, Base):
    """A bus of a visit with its seats and guide."""

    __tablename__ = "buses"
    __table_args__ = (
        UniqueConstraint("event_id", "id"),
        ForeignKeyConstraint(
            ["event_id", "visit_id"], ["visits.event_id", "visits.id"], ondelete="CASCADE"
        ),
        CheckConstraint("seats >= 0", name="seats"),
    )

    event_id: Mapped[str] = mapped_column(Id)
    visit_id: Mapped[str] = mapped_column(Id, index=True)
    name: Mapped[str]
    seats: Mapped[int]
    guide: Mapped[str | None]
    position: Mapped[int] = mapped_column(default=0)

    stops: Mapped[list[Stop]] = relationship(
        lazy="raise",
        viewonly=True,
        order_by="(Stop.leaves_at, Stop.position, Stop.id)",
        primaryjoin="Bus.id == Stop.bus_id",
        foreign_keys="Stop.bus_id",
    )
    visit: Mapped[Visit] = relationship(
        lazy="raise",
        viewonly=True,
        primaryjoin="Bus.visit_id == Visit.id",
        foreign_keys="Bus.visit_id",
    )

    @property
    def timezone(self) -> str:
        """The IANA zone of its visit."""
        return self.visit.timezone


class Stop(Identified, Versioned, Shown, Base):
    """Where and when a bus picks people up; wall time in the visit's zone, instant derived."""

    __tablename__ = "stops"
    __table_args__ = (
        UniqueConstraint("event_id", "id"),
        ForeignKeyConstraint(
            ["event_id", "bus_id"], ["buses.event_id", "buses.id"], ondelete="CASCADE"
        ),
    )

    event_id: Mapped[str] = mapped_column(Id)
    bus_id: Mapped[str] = mapped_column(Id, index=True)
    place: Mapped[str]
    leaves_wall: Mapped[datetime] = mapped_column(WallTime)
    leaves_at: Mapped[datetime]
    position: Mapped[int] = mapped_column(default=0)

    bus: Mapped[Bus] = relationship(
        lazy="raise",
        viewonly=True,
        primaryjoin="Stop.bus_id == Bus.id",
        foreign_keys="Stop.bus_id",
    )

    @property
    def timezone(self) -> str:
        """The IANA zone its wall time is in: that of its visit."""
        return self.bus.timezone


class TravelTime(Identified, Versioned, Base):
    """Minutes between two places of an event: venues or bus stops. It holds both ways unless
    ``one_way`` says otherwise; of each end one of the two ids is set."""

    __tablename__ = "travel_times"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organiser_id", "event_id"],
            ["events.organiser_id", "events.id"],
            ondelete="CASCADE",
        ),
        *(
            ForeignKeyConstraint(
                ["event_id", f"{end}_{place}_id"],
                [f"{place}s.event_id", f"{place}s.id"],
                ondelete="CASCADE",
            )
            for end in ("from", "to")
            for place in ("venue", "stop")
        ),
        CheckConstraint("(from_venue_id IS NULL) <> (from_stop_id IS NULL)", name="one_from"),
        CheckConstraint("(to_venue_id IS NULL) <> (to_stop_id IS NULL)", name="one_to"),
        CheckConstraint("minutes >= 0", name="minutes"),
        Index("ix_travel_times_event", "event_id", "id"),
    )

    organiser_id: Mapped[str] = mapped_column(Id)
    event_id: Mapped[str] = mapped_column(Id)
    from_venue_id: Mapped[str | None] = mapped_column(Id)
    from_stop_id: Mapped[str | None] = mapped_column(Id)
    to_venue_id: Mapped[str | None] = mapped_column(Id)
    to_stop_id: Mapped[str | None] = mapped_column(Id)
    minutes: Mapped[int]
    one_way: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str | None]
    created_at: Mapped[datetime]

    @property
    def ends(self) -> tuple[str, str]:
        """The ids of the places at both ends."""
        start = self.from_venue_id or self.from_stop_id
        return str(start), str(self.to_venue_id or self.to_stop_id)
