"""Speakers: their roles, what they say of themselves for an event, and their consents."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsvc.core.db import Base, Id, Identified, Shown, Versioned
from eventsvc.mail.models import Contact


class SpeakerRole(Identified, Versioned, Shown, Base):
    """A person with a role on a session, or on the whole event (``item_id`` null).

    Name, affiliation and job title are as printed for this event. ``publish``: whether it is shown
    to everybody, as the newest word of the speaker says (:class:`SpeakerConsent`). ``state``:
    ``policy.ROLE_STATES``; a replaced one points to the role of the stand-in.
    """

    __tablename__ = "speaker_roles"
    __table_args__ = (
        UniqueConstraint("event_id", "id"),
        Index("uq_speaker_roles_external_id", "event_id", "external_id", unique=True),
        Index(
            "uq_speaker_roles_person",
            "item_id",
            "person_id",
            "role",
            unique=True,
            postgresql_where=text("item_id IS NOT NULL"),
            sqlite_where=text("item_id IS NOT NULL"),
        ),
        ForeignKeyConstraint(
            ["event_id", "item_id"],
            ["agenda_items.event_id", "agenda_items.id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["organiser_id", "event_id"],
            ["events.organiser_id", "events.id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(["organiser_id", "person_id"], ["persons.organiser_id", "persons.id"]),
        ForeignKeyConstraint(
            ["organiser_id", "organisation_id"],
            ["organisations.organiser_id", "organisations.id"],
        ),
        ForeignKeyConstraint(
            ["event_id", "replaced_by_id"], ["speaker_roles.event_id", "speaker_roles.id"]
        ),
    )

    organiser_id: Mapped[str] = mapped_column(Id)
    event_id: Mapped[str] = mapped_column(Id)
    item_id: Mapped[str | None] = mapped_column(Id, index=True)
    person_id: Mapped[str] = mapped_column(Id, index=True)
    organisation_id: Mapped[str | None] = mapped_column(Id)
    role: Mapped[str]
    external_id: Mapped[str | None]
    position: Mapped[int] = mapped_column(default=0)
    name_printed: Mapped[str]
    affiliation: Mapped[str | None]
    job_title: Mapped[str | None]
    country: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="proposed")
    state_reason: Mapped[str | None]
    invited_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    replaced_by_id: Mapped[str | None] = mapped_column(Id)
    publish: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str | None]
    source: Mapped[str | None]


class SpeakerProfile(Identified, Versioned, Base):
    """A person as a speaker of one event (editions.md §4.14); the private link is to this row.

    Affiliation and job title are copied to the roles, where everybody reads them.
    ``invitations`` counts the invitations, so that one mail tells of all that are open.
    """

    __tablename__ = "speaker_profiles"
    __table_args__ = (
        UniqueConstraint("event_id", "id"),
        UniqueConstraint("event_id", "person_id"),
        ForeignKeyConstraint(
            ["organiser_id", "event_id"],
            ["events.organiser_id", "events.id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(["organiser_id", "person_id"], ["persons.organiser_id", "persons.id"]),
    )

    organiser_id: Mapped[str] = mapped_column(Id)
    event_id: Mapped[str] = mapped_column(Id)
    person_id: Mapped[str] = mapped_column(Id, index=True)
    contact_id: Mapped[str | None] = mapped_column(ForeignKey("contacts.id"), index=True)
    language: Mapped[str | None]
    badge_name: Mapped[str | None]
    affiliation: Mapped[str | None]
    job_title: Mapped[str | None]
    biography: Mapped[str | None]
    slides_url: Mapped[str | None]
    attendance: Mapped[str | None]  # on_site, remote, video
    # said by the speaker alone; counted, never shown of one person (editions.md §9.28)
    gender_stated: Mapped[str | None]
    photo_id: Mapped[str | None] = mapped_column(ForeignKey("stored_files.id"))
    thumbnail_id: Mapped[str | None] = mapped_column(ForeignKey("stored_files.id"))
    invitations: Mapped[int] = mapped_column(default=0)
    invited_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    contact: Mapped[Contact | None] = relationship(lazy="raise")
    consents: Mapped[list[SpeakerConsent]] = relationship(
        order_by="SpeakerConsent.number", lazy="raise", viewonly=True
    )


class SpeakerConsent(Identified, Base):
    """A consent of a speaker given or withdrawn; rows are appended, never changed (security §3).

    ``number`` counts within a profile: the newest row of a kind holds.
    """

    __tablename__ = "speaker_consents"
    __table_args__ = (UniqueConstraint("profile_id", "number"),)

    profile_id: Mapped[str] = mapped_column(ForeignKey("speaker_profiles.id", ondelete="CASCADE"))
    number: Mapped[int]
    kind: Mapped[str]  # publish or record
    given: Mapped[bool]
    text_version: Mapped[str]
    source: Mapped[str]  # speaker, or who noted the speaker's word
    at: Mapped[datetime]


class Takeaway(Identified, Versioned, Base):
    """What is kept of a session (editions.md §4.15): at most five messages, a note, links."""

    __tablename__ = "takeaways"
    __table_args__ = (
        UniqueConstraint("event_id", "id"),
        UniqueConstraint("event_id", "item_id"),
        ForeignKeyConstraint(
            ["event_id", "item_id"],
            ["agenda_items.event_id", "agenda_items.id"],
            ondelete="CASCADE",
        ),
    )

    organiser_id: Mapped[str] = mapped_column(Id)
    event_id: Mapped[str] = mapped_column(Id)
    item_id: Mapped[str] = mapped_column(Id)
    messages: Mapped[list[str]] = mapped_column(default=list)
    note: Mapped[str | None]
    slides_url: Mapped[str | None]
    recording_url: Mapped[str | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    quotes: Mapped[list[TakeawayQuote]] = relationship(
        order_by="(TakeawayQuote.position, TakeawayQuote.id)", lazy="raise", viewonly=True
    )


class TakeawayQuote(Identified, Base):
    """Words of a speaker; used outside only once ``cleared`` by the speaker."""

    __tablename__ = "takeaway_quotes"
    __table_args__ = (
        ForeignKeyConstraint(
            ["event_id", "takeaway_id"], ["takeaways.event_id", "takeaways.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["event_id", "role_id"],
            ["speaker_roles.event_id", "speaker_roles.id"],
            ondelete="CASCADE",
        ),
    )

    event_id: Mapped[str] = mapped_column(Id)
    takeaway_id: Mapped[str] = mapped_column(Id, index=True)
    role_id: Mapped[str] = mapped_column(Id, index=True)
    text: Mapped[str]
    cleared: Mapped[bool] = mapped_column(default=False)
    cleared_at: Mapped[datetime | None]
    cleared_by: Mapped[str | None]  # speaker, or organiser on the speaker's word
    position: Mapped[int] = mapped_column(default=0)
