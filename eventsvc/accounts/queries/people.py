"""Questions about people who sign in, their sessions and their roles."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import Select

from eventsvc.accounts.models import Account, Credential, Identity, LoginSession, Membership
from eventsvc.accounts.policy import SESSION_IDLE, SESSION_WHOLE
from eventsvc.core.errors import Invalid, NotFound
from eventsvc.core.ids import digest, is_id
from eventsvc.core.rights import Actor, Grant
from eventsvc.core.text import email_key


def account_with(session: Session, email: str) -> Account | None:
    """The account of an address."""
    return session.scalars(select(Account).where(Account.email_key == email_key(email))).first()


def account_known_as(session: Session, issuer: str, subject: str) -> Account | None:
    """The account that a sign-on provider calls ``subject`` (security row 12)."""
    statement = (
        select(Account)
        .join(Identity, Identity.account_id == Account.id)
        .where(Identity.issuer == issuer, Identity.subject == subject)
    )
    return session.scalars(statement).one_or_none()


def session_shown(
    session: Session, secret: str, *, now: datetime
) -> tuple[LoginSession, Account] | None:
    """The session that a cookie is, and who sits there; None when it is over."""
    statement = (
        select(LoginSession, Account)
        .join(Account, Account.id == LoginSession.account_id)
        .where(
            LoginSession.digest == digest(secret),
            LoginSession.epoch == Account.session_epoch,
            LoginSession.seen_at > now - SESSION_IDLE,
            LoginSession.created_at > now - SESSION_WHOLE,
            Account.disabled_at.is_(None),
        )
    )
    found = session.execute(statement).one_or_none()
    return None if found is None else (found[0], found[1])


def grants_of(session: Session, account_id: str) -> list[Grant]:
    """What an account may do where; nothing once it is disabled."""
    statement = (
        select(Membership)
        .join(Account, Account.id == Membership.account_id)
        .where(Membership.account_id == account_id, Account.disabled_at.is_(None))
    )
    return [
        Grant(row.role, row.organiser_id, row.series_id, row.event_id, row.sensitive)
        for row in session.scalars(statement)
    ]


def members_of(organiser_id: str) -> Select[Membership, Account]:
    """The members of an organiser, each role a row, with who has it."""
    return (
        select(Membership, Account)
        .join(Account, Account.id == Membership.account_id)
        .where(Membership.organiser_id == organiser_id)
    )


def with_roles(statement: Select[Membership, Account], filters: Mapping[str, Any]) -> Select[Any]:
    """Members that pass the filters of a list: roles, account, series, event."""
    if filters.get("role"):
        statement = statement.where(Membership.role.in_(filters["role"]))
    for name in ("account_id", "series_id", "event_id"):
        if filters.get(name):
            statement = statement.where(getattr(Membership, name) == filters[name])
    return cast("Select[Any]", statement)  # what a page takes: rows of two


def account_of_member(
    session: Session, actor: Actor, organiser_id: str, account_id: str
) -> Account:
    """The account of somebody who is a member already; the platform may name any.

    So no organiser learns who else has an account (security.md row 14).

    Raises:
        Invalid: there is none.
    """
    wanted = select(Account).where(Account.id == account_id)
    if not actor.everywhere:
        theirs = select(Membership.account_id).where(Membership.organiser_id == organiser_id)
        wanted = wanted.where(Account.id.in_(theirs))
    found = session.scalars(wanted).one_or_none()
    if found is None:
        raise Invalid.field("/account_id", "unknown-account", "Invite who is no member yet.")
    return found


def member(session: Session, organiser_id: str, member_id: str) -> tuple[Membership, Account]:
    """One member of an organiser.

    Raises:
        NotFound: there is none, or it is another organiser's.
    """
    if not is_id(member_id):
        raise NotFound
    statement = members_of(organiser_id).where(Membership.id == member_id)
    found = session.execute(statement).one_or_none()
    if found is None:
        raise NotFound
    return found[0], found[1]


def admins_left(session: Session, organiser_id: str, without: str) -> int:
    """How many can administer an organiser when the member ``without`` no longer does."""
    statement = (
        select(func.count())
        .select_from(Membership)
        .join(Account, Account.id == Membership.account_id)
        .where(
            Membership.organiser_id == organiser_id,
            Membership.role == "organiser-admin",
            Membership.id != without,
            Account.disabled_at.is_(None),
        )
    )
    return session.scalar(statement) or 0


def names_of(session: Session, account_ids: set[str]) -> dict[str, str]:
    """Account id → name."""
    rows = session.execute(select(Account.id, Account.name).where(Account.id.in_(account_ids)))
    return {row[0]: row[1] for row in rows}


def owner_of(session: Session, credential: Credential) -> list[Grant] | None:
    """What the owner of a token may do at present; None where no person owns it."""
    return None if credential.account_id is None else grants_of(session, credential.account_id)
