"""Doors: members of an organiser and invitations to become one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from eventsvc.accounts import actions, queries
from eventsvc.accounts.models import Account, Invitation, Membership
from eventsvc.accounts.schemas.members import (
    InvitationBody,
    InvitationOut,
    InvitationPatch,
    MemberBody,
    MemberOut,
    MemberPatch,
    MemberQuery,
    invitation_shown,
    member_shown,
)
from eventsvc.core import clock, config
from eventsvc.core.http import Door, actor, expect, needs
from eventsvc.core.pages import ListQuery, Page, page

ORGANISER = "/api/v1/organisers/<organiser_id>"

members = Door(
    "members", __name__, url_prefix=f"{ORGANISER}/members", description="Who has which role"
)
invitations = Door(
    "invitations",
    __name__,
    url_prefix=f"{ORGANISER}/invitations",
    description="Roles offered by mail",
)


@members.get("")
@needs("members", gate="whole-organiser")
@members.query(MemberQuery)
@members.lists(MemberOut, sort=("name", "email", "created_at"))
def list_members(session: Session, query: dict[str, Any], organiser_id: str) -> Page:
    """List the members of an organiser, each role by itself."""
    sorts = {"name": Account.name, "email": Account.email, "created_at": Membership.created_at}
    found = queries.with_roles(queries.members_of(organiser_id), query)
    listed = page(session, found, query, sorts=sorts, default="name", key=Membership.id)
    return replace(listed, items=[member_shown(row) for row in listed.items])


@members.post("")
@needs("members", gate="whole-organiser")
@members.body(MemberBody)
@members.writes(201, MemberOut)
def add_member(session: Session, body: dict[str, Any], organiser_id: str) -> dict[str, Any]:
    """Give one more role to a member; somebody new is invited."""
    account = queries.account_of_member(session, actor(), organiser_id, body.pop("account_id"))
    told = {"organiser_id": organiser_id, "now": clock.now(session), **body}
    return member_shown((actions.add_member(session, actor(), account, **told), account))


@members.get("/<member_id>")
@needs("members", gate="whole-organiser")
@members.reads(MemberOut)
def read_member(session: Session, organiser_id: str, member_id: str) -> dict[str, Any]:
    """Read a member."""
    return member_shown(queries.member(session, organiser_id, member_id))


@members.patch("/<member_id>")
@needs("members", gate="whole-organiser")
@members.body(MemberPatch)
@members.writes(200, MemberOut, precondition=True)
def change_member(
    session: Session, body: dict[str, Any], organiser_id: str, member_id: str
) -> dict[str, Any]:
    """Change the role of a member or its place; it holds from the next call on."""
    found, account = queries.member(session, organiser_id, member_id)
    expect(found)
    actions.change_member(session, actor(), found, body, now=clock.now(session))
    return member_shown((found, account))


@members.delete("/<member_id>")
@needs("members", gate="whole-organiser")
@members.writes(204, precondition=True)
def remove_member(session: Session, organiser_id: str, member_id: str) -> None:
    """Take a role away; sessions and tokens of the person lose it with the next call."""
    found, _ = queries.member(session, organiser_id, member_id)
    expect(found)
    actions.remove_member(session, actor(), found, now=clock.now(session))


@invitations.get("")
@needs("members", gate="whole-organiser")
@invitations.query(ListQuery)
@invitations.lists(InvitationOut, sort=("created_at", "expires_at", "email"))
def list_member_invitations(session: Session, query: dict[str, Any], organiser_id: str) -> Page:
    """List the invitations of an organiser, newest first; accepted and expired ones too."""
    names = ("created_at", "expires_at", "email")
    sorts = {name: getattr(Invitation, name) for name in names}
    found, now = queries.invitations_of(organiser_id), clock.now(session)
    listed = page(session, found, query, sorts=sorts, default="-created_at")
    return replace(listed, items=[invitation_shown(row, now) for row in listed.items])


@invitations.post("")
@needs("members", gate="whole-organiser")
@invitations.body(InvitationBody)
@invitations.writes(201, InvitationOut)
def invite_member(session: Session, body: dict[str, Any], organiser_id: str) -> dict[str, Any]:
    """Offer a role to an address by mail."""
    now, secret = clock.now(session), config.current().secret_key
    made = actions.invite(session, actor(), organiser_id, body, secret=secret, now=now)
    return invitation_shown(made, now)


@invitations.get("/<invitation_id>")
@needs("members", gate="whole-organiser")
@invitations.reads(InvitationOut, computed=True)
def read_member_invitation(
    session: Session, organiser_id: str, invitation_id: str
) -> dict[str, Any]:
    """Read an invitation."""
    found = queries.invitation(session, organiser_id, invitation_id)
    return invitation_shown(found, clock.now(session))


@invitations.patch("/<invitation_id>")
@needs("members", gate="whole-organiser")
@invitations.body(InvitationPatch)
@invitations.writes(200, InvitationOut, precondition=True)
def change_member_invitation(
    session: Session, body: dict[str, Any], organiser_id: str, invitation_id: str
) -> dict[str, Any]:
    """Change an open invitation, or mail it again."""
    found = queries.invitation(session, organiser_id, invitation_id)
    expect(found)
    now, secret = clock.now(session), config.current().secret_key
    actions.change_invitation(session, actor(), found, body, secret=secret, now=now)
    return invitation_shown(found, now)


@invitations.delete("/<invitation_id>")
@needs("members", gate="whole-organiser")
@invitations.writes(204, precondition=True)
def withdraw_member_invitation(session: Session, organiser_id: str, invitation_id: str) -> None:
    """Withdraw an invitation; its link ends at once."""
    found = queries.invitation(session, organiser_id, invitation_id)
    expect(found)
    actions.withdraw_invitation(session, actor(), found, now=clock.now(session))
