"""What stands around an edition: organisations, venues, figures, awards, messages, links."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from eventsvc.core.db import Base, Id, Identified, Shown, Versioned
from eventsvc.directory.models import FigureFields


class EventRelation(Identified, Base):
    """An order or mention between two events, printed or derived: next, previous, announced_in."""

    __tablename__ = "event_relations"
    __table_args__ = (UniqueConstraint("event_id", "kind", "other_event_id"),)

    event_id: Mapped[str] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    other_event_id: Mapped[str] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    kind: Mapped[str]
    basis: Mapped[str]
    source: Mapped[str | None]


class OrganisationRole(Identified, Versioned, Base):
    """An organisation at an event: organiser, on_behalf_of, co_organiser, host, partner, sponsor,
    venue or attending; in order."""

    __tablename__ = "organisation_roles"
    __table_args__ = (
        UniqueConstraint("event_id", "organisation_id", "role"),
        ForeignKeyConstraint(
            ["organiser_id", "event_id"],
            ["events.organiser_id", "events.id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["organiser_id", "organisation_id"],
            ["organisations.organiser_id", "organisations.id"],
        ),
    )

    organiser_id: Mapped[str] = mapped_column(Id)
    event_id: Mapped[str] = mapped_column(Id)
    organisation_id: Mapped[str] = mapped_column(Id)
    role: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)


class Venue(Identified, Versioned, Shown, Base):
    """A place of an event, with what LOCATION and GEO of calendars need."""

    __tablename__ = "venues"
    __table_args__ = (
        UniqueConstraint("event_id", "id"),
        CheckConstraint("capacity IS NULL OR capacity >= 0", name="capacity"),
    )

    event_id: Mapped[str] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    name: Mapped[str]
    street: Mapped[str | None]
    postcode: Mapped[str | None]
    city: Mapped[str | None]
    country: Mapped[str | None]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    accessible: Mapped[bool | None]
    # people that may be in the whole house at one time
    capacity: Mapped[int | None]
    arrival: Mapped[str | None]
    position: Mapped[int] = mapped_column(default=0)


class Figure(FigureFields, Identified, Versioned, Base):
    """A stated headline figure of an event or of a series (one of the two ids is set)."""

    __tablename__ = "figures"
    __table_args__ = (
        CheckConstraint("(event_id IS NULL) <> (series_id IS NULL)", name="one_subject"),
    )

    event_id: Mapped[str | None] = mapped_column(
        ForeignKey("events.id", ondelete="CASCADE"), index=True
    )
    series_id: Mapped[str | None] = mapped_column(
        ForeignKey("series.id", ondelete="CASCADE"), index=True
    )


class KeyMessage(Identified, Versioned, Base):
    """A key message of an event, in the organisers' words."""

    __tablename__ = "key_messages"

    event_id: Mapped[str] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    text: Mapped[str]
    source: Mapped[str | None]


class Award(Identified, Versioned, Base):
    """An award presented at an event. The laureate is a person, an organisation, or both."""

    __tablename__ = "awards"

    event_id: Mapped[str] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"), index=True)
    category: Mapped[str]
    year: Mapped[int | None]
    person_id: Mapped[str | None] = mapped_column(ForeignKey("persons.id"))
    organisation_id: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"))
    laureate_name: Mapped[str | None]
    affiliation: Mapped[str | None]
    job_title: Mapped[str | None]
    note: Mapped[str | None]
    source: Mapped[str | None]
    position: Mapped[int] = mapped_column(default=0)


class Link(Identified, Versioned, Base):
    """A link or a document known by name: input_paper, programme, album, recording, article …"""

    __tablename__ = "links"

    event_id: Mapped[str] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    title: Mapped[str]
    url: Mapped[str | None]
    source: Mapped[str | None]
    position: Mapped[int] = mapped_column(default=0)
