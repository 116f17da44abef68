"""Doors of who was invited: look at the offer, accept it."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from eventsvc.accounts import actions, queries
from eventsvc.accounts.api.proving import check_new
from eventsvc.accounts.models import Invitation, Organiser
from eventsvc.accounts.schemas.members import (
    InvitationAcceptanceBody,
    InvitationSeenOut,
    InvitationTokenBody,
)
from eventsvc.core import clock, passwords
from eventsvc.core.errors import Invalid
from eventsvc.core.http import Door, needs
from eventsvc.core.transactions import transaction

joining = Door(
    "joining",
    __name__,
    url_prefix="/api/v1/auth/invitation",
    description="Accept a role that was offered by mail",
)


def _shown(session: Session, invitation: Invitation, *, known: bool) -> dict[str, Any]:
    organiser = session.get_one(Organiser, invitation.organiser_id)
    shown = {name: getattr(invitation, name) for name in ("email", "role", "expires_at")}
    return {**shown, "organiser": organiser.name, "account": "existing" if known else "new"}


def _open(session: Session, token: str) -> Invitation:
    found = queries.open_invitation(session, token, now=clock.now(session))
    if found is None:
        raise Invalid.field("/token", "not-valid", "This invitation is over.")
    return found


@joining.post("/look")
@needs(None, limit="login")
@joining.body(InvitationTokenBody)
@joining.writes(200, InvitationSeenOut, computed=True)
def look_at_invitation(session: Session, body: dict[str, Any]) -> dict[str, Any]:
    """Say what is offered; nothing changes. The token stands in the body, never in an address."""
    found = _open(session, body["token"])
    known = queries.account_with(session, found.email) is not None
    return _shown(session, found, known=known)


def _hash(body: dict[str, Any]) -> str | None:
    """The hash of the password that a new account chose, made before the transaction."""
    with transaction(write=False) as session:
        found = _open(session, body["token"])
        known = queries.account_with(session, found.email) is not None
    if known or body.get("password") is None:
        return None
    check_new(body["password"], found.email, body.get("name", ""), pointer="/password")
    return passwords.hashed(body["password"])


@joining.post("/accept")
@needs(None, limit="login")
@joining.body(InvitationAcceptanceBody)
@joining.before(_hash)
@joining.writes(200, InvitationSeenOut, computed=True)
def accept_invitation(
    session: Session, body: dict[str, Any], password_hash: str | None
) -> dict[str, Any]:
    """Take the role; an address without an account gives a name and a password. Then sign in."""
    found, now = _open(session, body["token"]), clock.now(session)
    known = queries.account_with(session, found.email) is not None
    new = {"name": body.get("name"), "password_hash": password_hash}
    actions.accept_invitation(session, body["token"], **new, now=now)
    return _shown(session, found, known=known)
