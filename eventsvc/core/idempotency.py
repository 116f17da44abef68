"""Calls that may be repeated: one row per ``Idempotency-Key`` (api.md §3, security.md row 3).

The row is claimed by a unique insert that is committed before the work starts, and completed
inside the work's own transaction. No Flask here: ``core/http/replays.py`` is the door's side.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, Text, UniqueConstraint, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from eventsvc.core.db import Base, Identified
from eventsvc.core.errors import Conflict, Refusal
from eventsvc.core.ids import new_id

KEPT = timedelta(hours=24)
ABANDONED = timedelta(seconds=60)
RETRY_SECONDS = 2


class KeyReused(Refusal):
    """The key was used with another body (422)."""

    code = "idempotency-key-reused"
    title = "This key was used with another body"


class InProgress(Conflict):
    """The first call with this key is still running, or was taken over by another (409)."""

    def __init__(self) -> None:
        super().__init__(
            "idempotency-in-progress",
            "The first call with this key has not ended.",
            retry_after=RETRY_SECONDS,
        )


class IdempotencyClaim(Identified, Base):
    """One key of one caller on one address. ``state``: ``running`` or ``done``.

    ``call`` is a digest of method, path and key, which may be long. ``answer`` holds the body
    without secrets; it is blanked by an erasure.
    """

    __tablename__ = "idempotency_claim"
    __table_args__ = (UniqueConstraint("credential", "call"),)

    credential: Mapped[str]
    call: Mapped[str]
    method: Mapped[str]
    body_digest: Mapped[str]
    state: Mapped[str] = mapped_column(default="running")
    lease: Mapped[str] = mapped_column(default=new_id)
    claimed_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    status: Mapped[int | None]
    headers: Mapped[dict[str, Any] | None]
    answer: Mapped[str | None] = mapped_column(Text)


@dataclass(frozen=True)
class Claim:
    """A claim held by this call until it is completed or freed."""

    id: str
    lease: str


@dataclass(frozen=True)
class Replay:
    """The answer that was given the first time."""

    status: int
    headers: dict[str, str]
    answer: str | None


def digest(*parts: str) -> str:
    """One digest over several texts that cannot run into each other."""
    return hashlib.sha256("\n".join(f"{len(part)}:{part}" for part in parts).encode()).hexdigest()


def claim(
    session: Session, *, credential: str, method: str, path: str, key: str, body_digest: str,
    now: datetime,
) -> Claim | Replay:  # fmt: skip
    """Claim the key, or find what it answered before. The caller commits.

    Raises:
        KeyReused: it belongs to another body.
        InProgress: its first call is running.
    """
    call = digest(method, path, key)
    mine = IdempotencyClaim.credential == credential, IdempotencyClaim.call == call
    session.execute(delete(IdempotencyClaim).where(*mine, IdempotencyClaim.expires_at <= now))
    row = IdempotencyClaim(
        id=new_id(), lease=new_id(), credential=credential, call=call, method=method,
        body_digest=body_digest, claimed_at=now, expires_at=now + KEPT,
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        found = session.scalars(select(IdempotencyClaim).where(*mine)).one_or_none()
        if found is None:
            raise InProgress from None
        return _known(session, found, body_digest, now)
    return Claim(row.id, row.lease)


def _known(
    session: Session, found: IdempotencyClaim, body_digest: str, now: datetime
) -> Claim | Replay:
    if found.body_digest != body_digest:
        raise KeyReused
    if found.state == "done":
        return Replay(found.status or 200, dict(found.headers or {}), found.answer)
    if now - found.claimed_at < ABANDONED:
        raise InProgress
    lease = new_id()
    taken = session.execute(
        update(IdempotencyClaim)
        .where(IdempotencyClaim.id == found.id, IdempotencyClaim.lease == found.lease)
        .values(lease=lease, claimed_at=now)
    )
    if cast("CursorResult[Any]", taken).rowcount != 1:
        raise InProgress
    return Claim(found.id, lease)


def complete(
    session: Session, held: Claim, *, status: int, headers: dict[str, str], answer: str | None
) -> None:
    """Keep the answer, in the transaction of the work.

    Raises:
        InProgress: the claim was taken over meanwhile, so the work must roll back.
    """
    done = session.execute(
        update(IdempotencyClaim)
        .where(
            IdempotencyClaim.id == held.id,
            IdempotencyClaim.lease == held.lease,
            IdempotencyClaim.state == "running",
        )
        .values(state="done", status=status, headers=headers, answer=answer)
    )
    if cast("CursorResult[Any]", done).rowcount != 1:
        raise InProgress


def free(session: Session, held: Claim) -> None:
    """Give the key back after a call that did not succeed."""
    session.execute(
        delete(IdempotencyClaim).where(
            IdempotencyClaim.id == held.id,
            IdempotencyClaim.lease == held.lease,
            IdempotencyClaim.state == "running",
        )
    )


def expire(session: Session, now: datetime) -> int:
    """Delete the claims whose time is over; how many they were."""
    gone = session.execute(delete(IdempotencyClaim).where(IdempotencyClaim.expires_at <= now))
    return int(cast("CursorResult[Any]", gone).rowcount)


def forget(session: Session, mention: str) -> None:
    """Blank the kept answers that mention ``mention``, e.g. the id of an erased person."""
    session.execute(
        update(IdempotencyClaim)
        .where(IdempotencyClaim.answer.contains(mention, autoescape=True))
        .values(answer=None)
    )
