"""Participants and how they came to be (editions.md §11)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsvc.core.db import Base, Document, Id, Identified, Versioned
from eventsvc.mail.models import Contact


class Participant(Identified, Base):
    """One human at one event, guest or speaker: one contact, one itinerary, one personal feed.

    ``revision`` rises with everything that changes the personal calendar (calendar.md rule 41).
    """

    __tablename__ = "participants"
    __table_args__ = (UniqueConstraint("event_id", "id"),)

    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"))
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"), index=True)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("persons.id"))
    name: Mapped[str]
    organisation_id: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"))
    organisation_name: Mapped[str | None]
    country: Mapped[str | None]
    job_title: Mapped[str | None]
    type: Mapped[str] = mapped_column(default="guest")
    locale: Mapped[str | None]
    synthetic: Mapped[bool] = mapped_column(default=False)
    revision: Mapped[int] = mapped_column(default=0)
    revised_at: Mapped[datetime]
    created_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]

    contact: Mapped[Contact] = relationship(lazy="raise")


class Pool(Identified, Versioned, Base):
    """Seats kept for a group until a release date (editions.md §3)."""

    __tablename__ = "pools"
    __table_args__ = (
        UniqueConstraint("event_id", "id"),
        UniqueConstraint("event_id", "name"),
        CheckConstraint("seats >= 0", name="seats"),
    )

    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"))
    name: Mapped[str]
    seats: Mapped[int]
    release_at: Mapped[datetime | None]
    position: Mapped[int] = mapped_column(default=0)


class Registration(Identified, Versioned, Base):
    """How a guest came to be a participant. States: api.md §7."""

    __tablename__ = "registrations"
    __table_args__ = (
        UniqueConstraint("event_id", "id"),
        UniqueConstraint("event_id", "code"),
        UniqueConstraint("event_id", "sequence"),
        Index(
            "uq_registrations_active_email",
            "event_id",
            "email_key",
            unique=True,
            postgresql_where=text("state <> 'cancelled' AND email_key IS NOT NULL"),
            sqlite_where=text("state <> 'cancelled' AND email_key IS NOT NULL"),
        ),
        Index(
            "uq_registrations_external_id",
            "event_id",
            "external_id",
            unique=True,
            postgresql_where=text("state <> 'cancelled' AND external_id IS NOT NULL"),
            sqlite_where=text("state <> 'cancelled' AND external_id IS NOT NULL"),
        ),
        Index("ix_registrations_state", "event_id", "state", "mode", "sequence"),
        ForeignKeyConstraint(
            ["event_id", "participant_id"], ["participants.event_id", "participants.id"]
        ),
        ForeignKeyConstraint(["event_id", "pool_id"], ["pools.event_id", "pools.id"]),
        ForeignKeyConstraint(
            ["event_id", "notice_language", "notice_version"],
            ["notice_versions.event_id", "notice_versions.language", "notice_versions.number"],
        ),
    )

    organiser_id: Mapped[str] = mapped_column(Id)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"))
    participant_id: Mapped[str] = mapped_column(Id, index=True)
    pool_id: Mapped[str | None] = mapped_column(Id)
    code: Mapped[str]
    email: Mapped[str | None]
    email_key: Mapped[str | None]
    contact_email: Mapped[str | None]
    suspicious_email: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str]
    mode: Mapped[str] = mapped_column(default="on_site")
    # the order of the waiting list, given under the event lock (api.md §9.3)
    sequence: Mapped[int]
    promotions: Mapped[int] = mapped_column(default=0)
    source: Mapped[str]
    answers: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    note: Mapped[str | None]
    external_id: Mapped[str | None]
    # which data-protection notice the guest was shown; null where staff typed it in, or none was
    notice_language: Mapped[str | None]
    notice_version: Mapped[int | None]
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str | None]
    attended_at: Mapped[datetime | None]
    proof_due_at: Mapped[datetime | None]
    offer_ends_at: Mapped[datetime | None]

    participant: Mapped[Participant] = relationship(lazy="raise")


class Consent(Identified, Base):
    """A consent given or withdrawn; rows are appended, never changed (security §3)."""

    __tablename__ = "consents"

    participant_id: Mapped[str] = mapped_column(ForeignKey("participants.id"), index=True)
    kind: Mapped[str]
    given: Mapped[bool]
    text_version: Mapped[str]
    source: Mapped[str]
    at: Mapped[datetime]


class RegistrationForm(Identified, Versioned, Base):
    """What an event asks its guests beyond name and address (security.md §3).

    ``version`` counts its saves. What each version asked stands in :class:`FormVersion`, so that
    an answer given yesterday still has its question.
    """

    __tablename__ = "registration_forms"

    event_id: Mapped[str] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"), unique=True)
    questions: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    updated_at: Mapped[datetime | None]


class FormVersion(Identified, Base):
    """The questions of one version of a form; rows are appended, never changed."""

    __tablename__ = "registration_form_versions"
    __table_args__ = (UniqueConstraint("form_id", "number"),)

    form_id: Mapped[str] = mapped_column(ForeignKey("registration_forms.id", ondelete="CASCADE"))
    number: Mapped[int]
    questions: Mapped[list[dict[str, Any]]]
    at: Mapped[datetime]
