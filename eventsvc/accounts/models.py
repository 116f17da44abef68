"""Organisers and credentials."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from eventsvc.core.db import Base, Id, Identified, Versioned


class Organiser(Identified, Versioned, Base):
    """A tenant: a body that owns series, tokens and a directory."""

    __tablename__ = "organisers"

    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    # the role mailbox that stands as ORGANIZER in calendars and as Reply-To in mail
    email: Mapped[str]
    language: Mapped[str] = mapped_column(default="en")
    timezone: Mapped[str] = mapped_column(default="Europe/Brussels")
    created_at: Mapped[datetime]

    @property
    def organiser_id(self) -> str:
        """The organiser its audit entries belong to: itself."""
        return self.id


class Credential(Identified, Versioned, Base):
    """A secret that somebody can show. Only its SHA-256 is stored (security row 9).

    kind ``evt``: API token of an organiser (or of the platform, without one). kind ``evl``: the
    private link of one registration (``subject_id``), derived anew from ``number`` for each mail.
    """

    __tablename__ = "credentials"
    __table_args__ = (
        Index("ix_credentials_subject", "subject_id"),
        Index("ix_credentials_organiser", "organiser_id", "kind", "id"),
        # a token can be bound to an event of its own organiser only, and ends with it
        ForeignKeyConstraint(
            ["organiser_id", "event_id"],
            ["events.organiser_id", "events.id"],
            ondelete="CASCADE",
        ),
    )

    kind: Mapped[str]
    digest: Mapped[str] = mapped_column(unique=True)
    prefix: Mapped[str]
    last_four: Mapped[str]
    name: Mapped[str]
    organiser_id: Mapped[str | None] = mapped_column(ForeignKey("organisers.id"))
    event_id: Mapped[str | None] = mapped_column(Id)
    subject_id: Mapped[str | None] = mapped_column(Id)
    number: Mapped[int] = mapped_column(default=1)
    role: Mapped[str | None]
    scopes: Mapped[list[str]]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    read_only_from: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
