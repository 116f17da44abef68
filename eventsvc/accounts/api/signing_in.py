"""Doors: login, logout, who am I, password, second factor."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from eventsvc.accounts import actions
from eventsvc.accounts.api.proving import Proved, new_hash, proof, prove_self
from eventsvc.accounts.models import Account
from eventsvc.accounts.policy import SESSION_WHOLE, effective_scopes
from eventsvc.accounts.schemas.signing_in import (
    LoginBody,
    MeOut,
    PasswordBody,
    TotpBody,
    TotpOut,
    TotpRemovalBody,
)
from eventsvc.core import clock
from eventsvc.core.http import (
    SESSION,
    SIGNED_IN,
    Door,
    actor,
    csrf_token,
    forget_session,
    give_back,
    needs,
    session_cookie,
    set_session,
)

auth = Door("auth", __name__, url_prefix="/api/v1/auth", description="Sign in; who am I")


@auth.post("/login")
@needs(None, limit="login")
@auth.body(LoginBody)
@auth.before(proof)
@auth.writes(204)
def log_in(session: Session, body: dict[str, Any], proved: Proved) -> None:
    """Sign in with a password: a session cookie, and ``X-CSRF-Token`` for unsafe calls."""
    now = clock.now(session)
    account = actions.admit(session, proved.account_id, proved.seen_hash, body.get("code"), now=now)
    if proved.new_hash is not None:
        account.password_hash = proved.new_hash
    sign_in(session, account)
    give_back("login-account", account.email_key)


def sign_in(session: Session, account: Account) -> None:
    """Give the caller a new session; one that it had before ends."""
    actions.end_session(session, session_cookie() or "")
    secret = actions.open_session(session, account, now=clock.now(session))
    set_session(secret, SESSION_WHOLE)


@auth.post("/logout")
@needs(SESSION)
@auth.writes(204)
def log_out(session: Session) -> None:
    """End this session."""
    actions.end_session(session, session_cookie() or "")
    forget_session()


@auth.get("/me")
@needs(SIGNED_IN)
@auth.reads(MeOut)
def who_am_i(session: Session) -> dict[str, Any]:
    """Say who the caller is and what it may do where."""
    asking = actor()
    me = {**vars(asking), "scopes": effective_scopes(asking), "grants": asking.places}
    if asking.kind != "account":
        return me
    account = session.get_one(Account, asking.account_id)
    totp = account.totp_confirmed_at is not None
    told = {"name": account.name, "email": account.email, "language": account.language}
    return {**me, **told, "totp": totp, "csrf_token": csrf_token(session_cookie() or "")}


@auth.post("/password")
@needs(SESSION)
@auth.body(PasswordBody)
@auth.before(new_hash)
@auth.writes(204)
def change_password(session: Session, _body: dict[str, Any], password_hash: str) -> None:
    """Change the own password; every other session ends, this one gets a new cookie."""
    account = session.get_one(Account, actor().account_id)
    actions.set_password(session, actor(), account, password_hash, now=clock.now(session))
    sign_in(session, account)


@auth.post("/totp")
@needs(SESSION)
@auth.body(TotpBody)
@auth.before(prove_self)
@auth.writes(200, TotpOut, computed=True)
def set_second_factor(session: Session, body: dict[str, Any], _proved: None) -> dict[str, Any]:
    """Offer a second factor; called again with a code of it, let it count from now on."""
    account = session.get_one(Account, actor().account_id)
    now = clock.now(session)
    if body.get("code"):
        actions.confirm_totp(session, actor(), account, body["code"], now=now)
        return {"state": "active", "secret": None, "uri": None}
    return {"state": "offered", **actions.offer_totp(session, actor(), account, now=now)}


@auth.delete("/totp")
@needs(SESSION)
@auth.body(TotpRemovalBody)
@auth.before(prove_self)
@auth.writes(204)
def remove_second_factor(session: Session, _body: dict[str, Any], _proved: None) -> None:
    """Take the second factor away."""
    account = session.get_one(Account, actor().account_id)
    actions.remove_totp(session, actor(), account, now=clock.now(session))
