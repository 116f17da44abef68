"""Synthetic people who sign in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from eventsvc.accounts import actions
from eventsvc.accounts.models import Account, Membership, Organiser
from eventsvc.core import clock, passwords
from tests.factories.accounts import HOUSE

PASSWORD = "nine otters read maps"
LOGIN = "/api/v1/auth/login"
COOKIE = "__Host-session"
_hashes: dict[str, str] = {}


def a_hash(password: str = PASSWORD) -> str:
    """The hash of a password; each is made once, as it takes a tenth of a second."""
    if password not in _hashes:
        _hashes[password] = passwords.hashed(password)
    return _hashes[password]


def an_account(
    session: Session, email: str = "ada@example.org", name: str = "Ada Example", **options: Any
) -> Account:
    """An account with :data:`PASSWORD`."""
    told = {"password_hash": a_hash(), "now": clock.now(session), **options}
    return actions.add_account(session, HOUSE, email=email, name=name, **told)


def a_member(
    session: Session, account: Account, organiser: Organiser | None, role: str, **place: Any
) -> Membership:
    """A role of an account."""
    organiser_id = None if organiser is None else organiser.id
    now = clock.now(session)
    return actions.add_member(
        session, HOUSE, account, organiser_id=organiser_id, role=role, now=now, **place
    )


@dataclass
class Browser:
    """A client that signed in: its cookie goes along by itself, the proof is in ``proof``."""

    client: FlaskClient
    proof: dict[str, str]

    def call(self, method: str, where: str, **options: Any) -> Any:
        """A call as the console makes it."""
        headers = {**self.proof, **options.pop("headers", {})}
        return self.client.open(where, method=method, headers=headers, **options)


def signed_in(session: Session, client: FlaskClient, account: Account) -> Browser:
    """Sign in with :data:`PASSWORD`."""
    session.commit()
    answer = client.post(LOGIN, json={"email": account.email, "password": PASSWORD})
    assert answer.status_code == 204, answer.get_json()
    return Browser(client, {"X-CSRF-Token": answer.headers["X-CSRF-Token"]})
