"""Organisers, people who sign in, what they may do where, and credentials."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from eventsvc.core.db import Base, Id, Identified, Versioned
from eventsvc.core.sealed import SealedText


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
    private link of one registration or speaker's profile (``subject_id``), derived anew from
    ``number`` for each mail.
    """

    __tablename__ = "credentials"
    __table_args__ = (
        Index("ix_credentials_subject", "subject_id"),
        Index("ix_credentials_organiser", "organiser_id", "kind", "id"),
        Index("ix_credentials_account", "account_id"),
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
    # whose token it is: it can do no more than that person may at the moment (api.md §10)
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    read_only_from: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]


def _in_its_organiser() -> tuple[ForeignKeyConstraint, ...]:
    """Series and event of a role are of its organiser, and the role ends with them."""
    return tuple(
        ForeignKeyConstraint(
            ["organiser_id", f"{thing}_id"],
            [f"{table}.organiser_id", f"{table}.id"],
            ondelete="CASCADE",
        )
        for thing, table in (("series", "series"), ("event", "events"))
    )


class Account(Identified, Versioned, Base):
    """Somebody who signs in (editions.md §11). Without a hash only single sign-on lets them in.

    ``session_epoch`` goes up when every session is to end: with a new password, or when the
    account is disabled. ``totp_step``: the last step of 30 seconds whose code was taken, so that
    none is taken twice (RFC 6238 §5.2).
    """

    __tablename__ = "accounts"

    email: Mapped[str]
    email_key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    language: Mapped[str] = mapped_column(default="en")
    password_hash: Mapped[str | None]
    totp_secret: Mapped[str | None] = mapped_column(SealedText("accounts.totp_secret"))
    totp_confirmed_at: Mapped[datetime | None]
    totp_step: Mapped[int | None]
    session_epoch: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class Identity(Identified, Base):
    """An account as a sign-on provider knows it; found by issuer and subject only (row 12)."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    account_id: Mapped[str] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    issuer: Mapped[str]
    subject: Mapped[str]
    created_at: Mapped[datetime]


class LoginSession(Identified, Base):
    """A person at a browser. Only the digest of the cookie is stored (security row 9)."""

    __tablename__ = "sessions"

    digest: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[str] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    epoch: Mapped[int]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class Membership(Identified, Versioned, Base):
    """A role of an account: on the platform (no organiser), in an organiser, a series, an event."""

    __tablename__ = "memberships"
    __table_args__ = (
        *_in_its_organiser(),
        CheckConstraint(
            "(role = 'platform-admin') = (organiser_id IS NULL)", name="platform_has_no_organiser"
        ),
        CheckConstraint("series_id IS NULL OR event_id IS NULL", name="series_or_event"),
        Index("ix_memberships_account", "account_id"),
        Index("ix_memberships_organiser", "organiser_id", "id"),
    )

    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    organiser_id: Mapped[str | None] = mapped_column(ForeignKey("organisers.id"))
    series_id: Mapped[str | None] = mapped_column(Id)
    event_id: Mapped[str | None] = mapped_column(Id)
    role: Mapped[str]
    sensitive: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class Invitation(Identified, Versioned, Base):
    """An offer of a role to an address. The token is derived for each mail (decision 0005)."""

    __tablename__ = "member_invitations"
    __table_args__ = (
        *_in_its_organiser(),
        CheckConstraint("series_id IS NULL OR event_id IS NULL", name="series_or_event"),
        Index("ix_member_invitations_organiser", "organiser_id", "id"),
    )

    digest: Mapped[str] = mapped_column(unique=True)
    number: Mapped[int] = mapped_column(default=1)
    email: Mapped[str]
    email_key: Mapped[str]
    organiser_id: Mapped[str] = mapped_column(ForeignKey("organisers.id"))
    series_id: Mapped[str | None] = mapped_column(Id)
    event_id: Mapped[str | None] = mapped_column(Id)
    role: Mapped[str]
    sensitive: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(default="en")
    invited_by: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
