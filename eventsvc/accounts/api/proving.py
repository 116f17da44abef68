"""Proof of a password, before the transaction opens: hashing takes a tenth of a second.

An unknown account, a disabled one and one without a password cost the same time and get the same
answer as a wrong password (security.md rows 11, 14).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from eventsvc.accounts import queries
from eventsvc.accounts.models import Account
from eventsvc.accounts.policy import LOGIN_REFUSED, password_errors
from eventsvc.core import passwords
from eventsvc.core.errors import Invalid, Unauthenticated
from eventsvc.core.http import actor, spend
from eventsvc.core.text import email_key
from eventsvc.core.transactions import transaction


@dataclass(frozen=True)
class Proved:
    """Whose password was shown, against which hash, and the hash to store from now on if new."""

    account_id: str
    seen_hash: str
    new_hash: str | None


def proof(body: dict[str, Any]) -> Proved:
    """Whose address and password these are.

    Raises:
        Unauthenticated: nobody's.
        RateLimited, Unavailable: too many tries, or no counting them (api.md §12).
    """
    spend("login-account", email_key(body["email"]))
    with transaction(write=False) as session:
        account = queries.account_with(session, body["email"])
    able = account is not None and account.disabled_at is None
    stored = account.password_hash if account is not None and able else None
    if not passwords.matches(stored, body["password"]) or account is None or stored is None:
        raise Unauthenticated(LOGIN_REFUSED)
    outdated = passwords.is_outdated(stored)
    new = passwords.hashed(body["password"]) if outdated else None
    return Proved(account.id, stored, new)


def prove_self(body: dict[str, Any]) -> None:
    """Refuse unless the person who signed in shows the own password again.

    Raises:
        Invalid: ``wrong-password``.
        RateLimited, Unavailable: as :func:`proof`.
    """
    _own(body)


def _own(body: dict[str, Any]) -> Account:
    with transaction(write=False) as session:
        account = session.get_one(Account, actor().account_id)
    spend("login-account", account.email_key)
    if not passwords.matches(account.password_hash, body["password"]):
        raise Invalid.field("/password", "wrong-password", "This is not your present password.")
    return account


def new_hash(body: dict[str, Any]) -> str:
    """The hash of a person's new password, which is good enough.

    Raises:
        Invalid: ``wrong-password``, or the new one is too short or too common.
    """
    account = _own(body)
    check_new(body["new_password"], account.email, account.name, pointer="/new_password")
    return passwords.hashed(body["new_password"])


def check_new(password: str, email: str, name: str, *, pointer: str) -> None:
    """Refuse a password that is too short or easily guessed.

    Raises:
        Invalid: with one error at ``pointer``.
    """
    errors = password_errors(password, email=email, name=name, pointer=pointer)
    if errors:
        raise Invalid(errors)
