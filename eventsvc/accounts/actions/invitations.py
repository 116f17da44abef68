"""Invitations: a role offered to an address; who shows the token of the mail takes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventsvc.accounts.actions.members import FIELDS, add_member, add_placed
from eventsvc.accounts.actions.people import add_account
from eventsvc.accounts.models import Account, Invitation
from eventsvc.accounts.policy import INVITATION_LIFE, check_offer, check_outranks
from eventsvc.accounts.queries import account_with, open_invitation
from eventsvc.audit.actions import record
from eventsvc.core.errors import Conflict, Invalid
from eventsvc.core.ids import derived_token, digest, new_id
from eventsvc.core.rights import Actor, system
from eventsvc.core.text import email_key
from eventsvc.mail.actions import cancel_pending, contact_for, queue
from eventsvc.mail.policy import TRANSACTIONAL

PURPOSE = "member_invitation"
SUBJECT = "member_invitation"


def invitation_token(secret: str, invitation_id: str, number: int) -> str:
    """The token that the mail of an invitation carries; no row holds it (decision 0005)."""
    return derived_token("evi", secret, f"{invitation_id}:{number}")


def invite(
    session: Session,
    actor: Actor,
    organiser_id: str,
    values: Mapping[str, Any],
    *,
    secret: str,
    now: datetime,
) -> Invitation:
    """Offer a role to ``email``; the mail goes out with the transaction.

    ``values``: email, role, series_id, event_id, sensitive, language.

    Raises:
        Invalid: as ``add_member``.
        Conflict: ``invitation-open``: this address has one for the same place.
    """
    check_offer(actor, values)
    standing = _standing(session, organiser_id, values, now)
    if standing is not None:
        told = "Change or withdraw the invitation that is open."
        raise Conflict("invitation-open", told, conflicts_with=[standing])
    invitation = Invitation(
        id=new_id(),
        organiser_id=organiser_id,
        email_key=email_key(values["email"]),
        number=1,
        invited_by=actor.account_id or actor.name,
        created_at=now,
        expires_at=now + INVITATION_LIFE,
        **values,
    )
    invitation.digest = digest(invitation_token(secret, invitation.id, 1))
    add_placed(session, invitation)
    record(session, actor, "member.invited", invitation, now=now, changes=_told(invitation))
    _mail(session, invitation, now)
    return invitation


def _told(invitation: Invitation) -> dict[str, Any]:
    return {"role": invitation.role}


def _standing(
    session: Session, organiser_id: str, values: Mapping[str, Any], now: datetime
) -> str | None:
    return session.scalars(
        select(Invitation.id).where(
            Invitation.organiser_id == organiser_id,
            Invitation.email_key == email_key(values["email"]),
            Invitation.series_id.is_not_distinct_from(values["series_id"]),
            Invitation.event_id.is_not_distinct_from(values["event_id"]),
            Invitation.accepted_at.is_(None),
            Invitation.expires_at > now,
        )
    ).first()


def change_invitation(
    session: Session,
    actor: Actor,
    invitation: Invitation,
    values: Mapping[str, Any],
    *,
    secret: str,
    now: datetime,
) -> Invitation:
    """Change what is offered; with ``resend`` a new mail goes out for seven days more, and the
    token of the earlier one ends.

    Raises:
        Forbidden: it offers more than the actor may give.
        Invalid: as ``add_member``.
        Conflict: ``invitation-accepted``.
    """
    _refuse_accepted(invitation)
    check_outranks(actor, invitation.role)
    wished = {name: getattr(invitation, name) for name in FIELDS} | dict(values)
    again = wished.pop("resend", False)
    check_offer(actor, wished)
    for name, value in wished.items():
        setattr(invitation, name, value)
    if again:
        invitation.number += 1
        invitation.digest = digest(invitation_token(secret, invitation.id, invitation.number))
        invitation.expires_at = now + INVITATION_LIFE
    add_placed(session, invitation)
    told = {"fields": sorted(values), **_told(invitation)}
    record(session, actor, "invitation.changed", invitation, now=now, changes=told)
    if again:
        _mail(session, invitation, now)
    return invitation


def _refuse_accepted(invitation: Invitation) -> None:
    if invitation.accepted_at is not None:
        raise Conflict("invitation-accepted", "It was accepted: change the member instead.")


def _mail(session: Session, invitation: Invitation, now: datetime) -> None:
    contact = contact_for(session, invitation.email, locale=invitation.language, now=now)
    queue(
        session,
        purpose=PURPOSE,
        subject_type=SUBJECT,
        subject_id=invitation.id,
        recipient_id=contact.id,
        contact=contact,
        organiser_id=invitation.organiser_id,
        revision=invitation.number,
        priority=TRANSACTIONAL,
        due_at=now,
        not_after=invitation.expires_at,
        locale=invitation.language,
        now=now,
    )


def withdraw_invitation(
    session: Session, actor: Actor, invitation: Invitation, *, now: datetime
) -> None:
    """Take an offer back: its token ends, a mail that waits is not sent.

    Raises:
        Forbidden: it offers more than the actor may give.
        Conflict: ``invitation-accepted``.
    """
    _refuse_accepted(invitation)
    check_outranks(actor, invitation.role)
    record(session, actor, "invitation.withdrawn", invitation, now=now, changes=_told(invitation))
    cancel_pending(
        session, reason="withdrawn", subject_type=SUBJECT, subject_id=invitation.id, now=now
    )
    session.delete(invitation)
    session.flush()


def accept_invitation(
    session: Session,
    token: str,
    *,
    name: str | None = None,
    password_hash: str | None = None,
    now: datetime,
) -> tuple[Invitation, Account]:
    """Take the offer of the token: the account of its address gets the role, or is made.

    Who shows the token has read the mail to that address, so no other proof is asked for.

    Raises:
        Invalid: ``not-valid`` token: unknown, over, or taken; ``name`` and hash are missing for
            a new account; a disabled account.
    """
    invitation = open_invitation(session, token, now=now, lock=True)
    account = None if invitation is None else account_with(session, invitation.email)
    if invitation is None or (account is not None and account.disabled_at is not None):
        raise Invalid.field("/token", "not-valid", "This invitation is over.")
    house = system("invitation")
    if account is None:
        if name is None or password_hash is None:
            raise Invalid.field("/password", "required", "Choose a name and a password.")
        told = {"email": invitation.email, "language": invitation.language}
        account = add_account(
            session, house, name=name, password_hash=password_hash, now=now, **told
        )
    invitation.accepted_at, invitation.account_id = now, account.id
    offered = {field: getattr(invitation, field) for field in FIELDS}
    by = replace(house, account_id=account.id)
    add_member(session, by, account, organiser_id=invitation.organiser_id, now=now, **offered)
    record(session, by, "invitation.accepted", invitation, now=now, changes=_told(invitation))
    return invitation, account
