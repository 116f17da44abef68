"""The programme: sessions and visits in one table, rooms, tracks, publications."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsvc.agenda.models.speakers import SpeakerRole
from eventsvc.core.db import Base, Document, Id, Identified, Shown, Versioned, WallTime
from eventsvc.events.models import Event
from eventsvc.events.policy import zone_of


class Room(Identified, Versioned, Shown, Base):
    """A room of an event; its capacity bounds the sessions in it."""

    __tablename__ = "rooms"
    __table_args__ = (
        UniqueConstraint("event_id", "id"),
        UniqueConstraint("event_id", "slug"),
        Index("uq_rooms_external_id", "event_id", "external_id", unique=True),
        ForeignKeyConstraint(["event_id", "venue_id"], ["venues.event_id", "venues.id"]),
        CheckConstraint("capacity IS NULL OR capacity >= 0", name="capacity"),
    )

    event_id: Mapped[str] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    venue_id: Mapped[str | None] = mapped_column(Id)
    slug: Mapped[str]
    name: Mapped[str]
    external_id: Mapped[str | None]
    capacity: Mapped[int | None]
    accessible: Mapped[bool | None]
    position: Mapped[int] = mapped_column(default=0)


class Track(Identified, Versioned, Shown, Base):
    """A track of an event."""

    __tablename__ = "tracks"
    __table_args__ = (UniqueConstraint("event_id", "id"), UniqueConstraint("event_id", "slug"))

    event_id: Mapped[str] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    slug: Mapped[str]
    name: Mapped[str]
    color: Mapped[str | None]
    position: Mapped[int] = mapped_column(default=0)


class AgendaItem(Identified, Versioned, Shown, Base):
    """A session or a site visit. Without times it is known by day and order only.

    Wall time and zone are the truth; ``starts_at`` and ``ends_at`` are derived (design law 7).
    """

    __tablename__ = "agenda_items"
    __table_args__ = (
        UniqueConstraint("event_id", "id"),
        Index("uq_agenda_items_external_id", "event_id", "external_id", unique=True),
        ForeignKeyConstraint(["event_id", "room_id"], ["rooms.event_id", "rooms.id"]),
        ForeignKeyConstraint(["event_id", "track_id"], ["tracks.event_id", "tracks.id"]),
        ForeignKeyConstraint(
            ["event_id", "block_id"], ["agenda_items.event_id", "agenda_items.id"]
        ),
        Index("ix_agenda_items_order", "event_id", "day", "position", "id"),
        Index("ix_agenda_items_start", "starts_at"),
        CheckConstraint("ends_at IS NULL OR ends_at > starts_at", name="span"),
        CheckConstraint("capacity IS NULL OR capacity >= 0", name="capacity"),
        CheckConstraint("(starts_at IS NULL) = (ends_at IS NULL)", name="both_times"),
    )

    event_id: Mapped[str] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    kind: Mapped[str]  # session or visit
    type: Mapped[str]
    title: Mapped[str]
    external_id: Mapped[str | None]
    title_printed: Mapped[bool] = mapped_column(default=True)
    abstract: Mapped[str | None]
    day: Mapped[int | None]
    day_basis: Mapped[str | None]
    position: Mapped[int]
    # what is printed instead of a time, e.g. "afternoon"
    slot_text: Mapped[str | None]
    starts_wall: Mapped[datetime | None] = mapped_column(WallTime)
    ends_wall: Mapped[datetime | None] = mapped_column(WallTime)
    zone: Mapped[str | None]  # null: the zone of the event
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    starts_rev: Mapped[int] = mapped_column(default=0)
    room_id: Mapped[str | None] = mapped_column(Id)
    track_id: Mapped[str | None] = mapped_column(Id)
    parallel_group: Mapped[str | None]
    # a block stands for n sessions; its known members point to it
    stands_for: Mapped[int] = mapped_column(default=1)
    block_id: Mapped[str | None] = mapped_column(Id)
    # the event of its own that this item announces (a side event, the matchmaking)
    own_event_id: Mapped[str | None] = mapped_column(ForeignKey("events.id"))
    mode: Mapped[str | None]
    capacity: Mapped[int | None]
    over_capacity: Mapped[bool] = mapped_column(default=False)
    bookable: Mapped[bool] = mapped_column(default=False)
    waiting_list_limit: Mapped[int | None]
    booking_opens_at: Mapped[datetime | None]
    booking_closes_at: Mapped[datetime | None]
    languages: Mapped[list[str]] = mapped_column(default=list)
    join_url: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="planned")
    state_reason: Mapped[str | None]
    cancellations: Mapped[int] = mapped_column(default=0)
    visible: Mapped[bool] = mapped_column(default=False)
    first_shown_at: Mapped[datetime | None]
    attendance: Mapped[str] = mapped_column(default="not_taken")
    # points of a news or funding item: order, title, deadline, funder
    points: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    archive: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    source: Mapped[str | None]
    created_at: Mapped[datetime]

    # filled by the queries of this room, which know the event they were asked for
    event: Mapped[Event] = relationship(
        lazy="raise",
        viewonly=True,
        primaryjoin="AgendaItem.event_id == Event.id",
        foreign_keys="AgendaItem.event_id",
    )
    room: Mapped[Room | None] = relationship(
        lazy="raise",
        viewonly=True,
        primaryjoin="AgendaItem.room_id == Room.id",
        foreign_keys="AgendaItem.room_id",
    )
    track: Mapped[Track | None] = relationship(
        lazy="raise",
        viewonly=True,
        primaryjoin="AgendaItem.track_id == Track.id",
        foreign_keys="AgendaItem.track_id",
    )
    speakers: Mapped[list[SpeakerRole]] = relationship(
        order_by="(SpeakerRole.position, SpeakerRole.id)",
        lazy="raise",
        viewonly=True,
        primaryjoin="AgendaItem.id == SpeakerRole.item_id",
        foreign_keys="SpeakerRole.item_id",
    )

    # what a caller asked to see in full beside it (api.md §4); no column
    expanded: ClassVar[frozenset[str]] = frozenset()

    @property
    def timezone(self) -> str:
        """The IANA zone its wall times are in: its own, else the event's."""
        return self.zone or zone_of(self.event)

    @property
    def places(self) -> int | None:
        """Seats in all, its own number or its room's; None: without limit (api.md §9.1)."""
        if self.capacity is not None or self.room is None:
            return self.capacity
        return self.room.capacity


class ItemOrganisation(Identified, Base):
    """An organisation taking part in an agenda item without a named person."""

    __tablename__ = "item_organisations"
    __table_args__ = (
        UniqueConstraint("item_id", "organisation_id"),
        ForeignKeyConstraint(
            ["event_id", "item_id"],
            ["agenda_items.event_id", "agenda_items.id"],
            ondelete="CASCADE",
        ),
    )

    event_id: Mapped[str] = mapped_column(Id)
    item_id: Mapped[str] = mapped_column(Id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    position: Mapped[int] = mapped_column(default=0)


class Publication(Identified, Base):
    """A numbered, frozen snapshot of the published programme."""

    __tablename__ = "publications"
    __table_args__ = (UniqueConstraint("event_id", "number"),)

    event_id: Mapped[str] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    number: Mapped[int]
    at: Mapped[datetime]
    provisional: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str | None]
    snapshot: Mapped[dict[str, Any]]
