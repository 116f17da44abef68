"""What the doors of members and invitations take and answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from marshmallow import fields

from eventsvc.accounts.models import Account, Invitation, Membership
from eventsvc.accounts.policy import LONGEST, ORGANISER_ROLES, SHORTEST
from eventsvc.core.pages import ListQuery
from eventsvc.core.text import (
    Answer,
    Body,
    Boolean,
    Choice,
    Email,
    Id,
    Instant,
    Integer,
    LanguageTag,
    ListOf,
    Patch,
    Text,
)

SERVER_SET = Body.server_set - {"series_id", "event_id"}
SENSITIVE = "May see diet and access answers, where the role reads answers"


class RolePart(Body):
    """A role and where it holds: neither series nor event is all of the organiser."""

    server_set = SERVER_SET

    role = Choice(ORGANISER_ROLES, required=True)
    series_id = Id(allow_none=True, load_default=None)
    event_id = Id(allow_none=True, load_default=None)
    sensitive = Boolean(load_default=False, metadata={"description": SENSITIVE})


class MemberBody(RolePart):
    """One more role of a person. Somebody new is invited."""

    account_id = Id(required=True, metadata={"description": "Of a member of this organiser"})


class MemberPatch(Patch, RolePart):
    """Changes of a member."""


class MemberQuery(ListQuery):
    """Filters of the members."""

    role = ListOf(Choice(ORGANISER_ROLES), len(ORGANISER_ROLES))
    account_id = Id()
    event_id = Id()
    series_id = Id()


class MemberOut(Answer):
    """A role of a person in this organiser; who has several is listed with each."""

    id = Id()
    account_id = Id()
    name = Text()
    email = Email()
    role = Choice(ORGANISER_ROLES)
    series_id = Id(allow_none=True)
    event_id = Id(allow_none=True)
    sensitive = Boolean(metadata={"description": SENSITIVE})
    disabled = fields.Boolean(metadata={"description": "The account cannot sign in"})
    created_at = Instant()
    version = Integer(minimum=1)


class InvitationBody(RolePart):
    """An offer of a role, mailed to the address; it ends after seven days."""

    email = Email(required=True)
    language = LanguageTag(load_default="en", metadata={"description": "Of the mail"})


class InvitationPatch(Patch, RolePart):
    """Changes of an open invitation."""

    resend = Boolean(metadata={"description": "Mail it again; the earlier link ends"})


class InvitationOut(Answer):
    """An invitation, without its token."""

    id = Id()
    email = Email()
    state = Choice(("open", "accepted", "expired"))
    role = Choice(ORGANISER_ROLES)
    series_id = Id(allow_none=True)
    event_id = Id(allow_none=True)
    sensitive = Boolean(metadata={"description": SENSITIVE})
    language = Text()
    account_id = Id(allow_none=True, metadata={"description": "Who accepted it"})
    created_at = Instant()
    expires_at = Instant()
    accepted_at = Instant(allow_none=True)
    version = Integer(minimum=1)


class InvitationTokenBody(Body):
    """The token of the mail."""

    token = Text(max_length=100, required=True)


class InvitationAcceptanceBody(InvitationTokenBody):
    """The token; name and password where the address has no account yet."""

    name = Text(max_length=200)
    password = Text(
        max_length=LONGEST,
        metadata={"format": "password", "description": f"At least {SHORTEST} characters"},
    )


class InvitationSeenOut(Answer):
    """What is offered to whom by whom."""

    organiser = Text()
    email = Email()
    role = Choice(ORGANISER_ROLES)
    account = Choice(("new", "existing"), metadata={"description": "new: choose a password"})
    expires_at = Instant()


def member_shown(row: tuple[Membership, Account]) -> dict[str, Any]:
    """A member as the answer shows it."""
    member, account = row
    names = ("id", "account_id", "role", "series_id", "event_id", "sensitive", "created_at")
    shown = {name: getattr(member, name) for name in (*names, "version")}
    disabled = account.disabled_at is not None
    return {**shown, "name": account.name, "email": account.email, "disabled": disabled}


def invitation_shown(row: Invitation, now: datetime) -> dict[str, Any]:
    """An invitation as the answer shows it."""
    shown = {name: getattr(row, name, None) for name in InvitationOut().fields}
    state = "accepted" if row.accepted_at else "open" if row.expires_at > now else "expired"
    return {**shown, "state": state}
