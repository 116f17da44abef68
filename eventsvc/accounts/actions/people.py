"""People who sign in: the verbs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventsvc.accounts.actions.sessions import end_sessions
from eventsvc.accounts.models import Account, Identity
from eventsvc.accounts.policy import LOGIN_REFUSED, code_step, new_secret, secret_uri
from eventsvc.accounts.queries import account_known_as, account_with
from eventsvc.audit.actions import record
from eventsvc.core.errors import CodeRequired, Conflict, Invalid, Unauthenticated
from eventsvc.core.rights import Actor
from eventsvc.core.text import email_key


def add_account(
    session: Session,
    actor: Actor,
    *,
    email: str,
    name: str,
    password_hash: str | None,
    language: str = "en",
    now: datetime,
) -> Account:
    """Add an account. ``email`` as cleaned by ``core.text``, the hash by ``core.passwords``.

    Raises:
        Conflict: ``account-exists``.
    """
    if account_with(session, email) is not None:
        raise Conflict("account-exists", "There is an account of this address.")
    account = Account(
        email=email,
        email_key=email_key(email),
        name=name,
        language=language,
        password_hash=password_hash,
        created_at=now,
    )
    session.add(account)
    session.flush()
    record(session, actor, "account.added", account, now=now)
    return account


def set_password(
    session: Session, actor: Actor, account: Account, password_hash: str, *, now: datetime
) -> None:
    """Give an account a new password; every session of it ends (security row 11)."""
    account.password_hash = password_hash
    end_sessions(session, account)
    record(session, actor, "account.password_changed", account, now=now)


def admit(
    session: Session, account_id: str, seen_hash: str | None, code: str | None, *, now: datetime
) -> Account:
    """The account that may sign in now, its row locked: neither disabled nor given another
    password meanwhile, and with a code of the second factor where there is one.

    ``seen_hash``: the hash that was proved, or None after single sign-on.

    Raises:
        Unauthenticated: it may not, or the code is wrong or was taken before.
        CodeRequired: there is a second factor, and no code was given.
    """
    locked = select(Account).where(Account.id == account_id).with_for_update(key_share=True)
    account = session.scalars(locked).one_or_none()
    if account is None or account.disabled_at is not None:
        raise Unauthenticated(LOGIN_REFUSED)
    if seen_hash is not None and account.password_hash != seen_hash:
        raise Unauthenticated(LOGIN_REFUSED)
    if account.totp_confirmed_at is None or seen_hash is None:
        return account
    if code is None:
        raise CodeRequired
    step = code_step(account.totp_secret or "", code, now, after=account.totp_step)
    if step is None:
        raise Unauthenticated(LOGIN_REFUSED)
    account.totp_step = step
    session.flush()
    return account


def offer_totp(
    session: Session, actor: Actor, account: Account, *, now: datetime
) -> dict[str, str]:
    """Offer a second factor: its ``secret`` and ``uri``, shown this once. It counts once a code
    of it was shown (:func:`confirm_totp`).

    Raises:
        Conflict: ``totp-active``.
    """
    _refuse_active(account)
    secret = new_secret()
    account.totp_secret = secret
    session.flush()
    record(session, actor, "account.totp_offered", account, now=now)
    return {"secret": secret, "uri": secret_uri(secret, account.email)}


def confirm_totp(
    session: Session, actor: Actor, account: Account, code: str, *, now: datetime
) -> None:
    """Let the second factor count from now on.

    Raises:
        Conflict: ``totp-active``, or ``totp-not-offered``.
        Invalid: the code is wrong.
    """
    _refuse_active(account)
    if account.totp_secret is None:
        raise Conflict("totp-not-offered", "Call without a code first.")
    step = code_step(account.totp_secret, code, now, after=None)
    if step is None:
        raise Invalid.field("/code", "wrong-code", "It is not the code of this half minute.")
    account.totp_confirmed_at, account.totp_step = now, step
    session.flush()
    record(session, actor, "account.totp_confirmed", account, now=now)


def _refuse_active(account: Account) -> None:
    if account.totp_confirmed_at is not None:
        raise Conflict("totp-active", "Remove the present second factor first.")


def remove_totp(session: Session, actor: Actor, account: Account, *, now: datetime) -> None:
    """Take the second factor away."""
    account.totp_secret = account.totp_confirmed_at = account.totp_step = None
    session.flush()
    record(session, actor, "account.totp_removed", account, now=now)


def link_identity(
    session: Session, actor: Actor, account: Account, *, issuer: str, subject: str, now: datetime
) -> None:
    """Let a sign-on provider's ``subject`` sign in as this account."""
    session.add(Identity(account_id=account.id, issuer=issuer, subject=subject, created_at=now))
    session.flush()
    record(session, actor, "account.identity_linked", account, now=now)


def known_person(
    session: Session,
    issuer: str,
    subject: str,
    *,
    link_to: str | None,
    email: str | None,
    now: datetime,
) -> Account:
    """The account that a sign-on provider's subject opens; linked now where that was asked for.

    Args:
        session: of the writing transaction.
        issuer: the provider.
        subject: what it calls the person.
        link_to: the account whose owner set out to link it.
        email: an address that may open the account of it at the first time: verified, and of a
            provider that the operator trusts with addresses.
        now: the present instant.

    Raises:
        Unauthenticated: nobody here is known so, or the account is disabled.
        Conflict: ``identity-taken``: it opens another account.
    """
    account = account_known_as(session, issuer, subject)
    if account is not None and link_to not in (None, account.id):
        raise Conflict("identity-taken", "This sign-on opens another account.")
    if account is not None:
        return admit(session, account.id, None, None, now=now)
    if link_to is None:
        found = account_with(session, email) if email is not None else None
        link_to = None if found is None else found.id
    if link_to is None:
        raise Unauthenticated("Nobody here is known so: sign in with your password and link it.")
    account = admit(session, link_to, None, None, now=now)
    by = Actor(kind="account", name="account", account_id=account.id)
    link_identity(session, by, account, issuer=issuer, subject=subject, now=now)
    return account


def disable_account(session: Session, actor: Actor, account: Account, *, now: datetime) -> None:
    """Let nobody sign in as this account any more; its tokens do nothing from now on."""
    if account.disabled_at is None:
        account.disabled_at = now
        end_sessions(session, account)
        record(session, actor, "account.disabled", account, now=now)
