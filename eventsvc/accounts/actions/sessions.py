"""Sessions of people who sign in: opened, seen, ended (security.md row 11)."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import delete, or_, update
from sqlalchemy.orm import Session

from eventsvc.accounts.models import Account, LoginSession
from eventsvc.accounts.policy import SEEN_EVERY, SESSION_IDLE, SESSION_WHOLE
from eventsvc.core.ids import digest


def open_session(session: Session, account: Account, *, now: datetime) -> str:
    """Open a session; returns the secret of its cookie, which is new with every login."""
    secret = secrets.token_urlsafe(32)
    opened = LoginSession(
        digest=digest(secret),
        account_id=account.id,
        epoch=account.session_epoch,
        created_at=now,
        seen_at=now,
    )
    session.add(opened)
    session.flush()
    return secret


def note_seen(session: Session, session_id: str, *, now: datetime) -> None:
    """Note that a session was used, at most every five minutes."""
    session.execute(
        update(LoginSession)
        .where(LoginSession.id == session_id, LoginSession.seen_at <= now - SEEN_EVERY)
        .values(seen_at=now)
    )


def end_session(session: Session, secret: str) -> None:
    """End the session of a cookie; one that is over already is no error."""
    session.execute(delete(LoginSession).where(LoginSession.digest == digest(secret)))


def end_sessions(session: Session, account: Account) -> None:
    """End every session of an account at once."""
    account.session_epoch += 1
    session.flush()
    session.execute(delete(LoginSession).where(LoginSession.account_id == account.id))


def forget_sessions(session: Session, *, now: datetime) -> None:
    """Delete the rows of sessions that are over."""
    session.execute(
        delete(LoginSession).where(
            or_(
                LoginSession.seen_at <= now - SESSION_IDLE,
                LoginSession.created_at <= now - SESSION_WHOLE,
            )
        )
    )
