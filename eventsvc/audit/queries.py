"""Questions about the audit trail: what is not sealed yet, and whether the seals hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import Select

from eventsvc.audit.models import AuditEntry, AuditSeal, AuditSealed
from eventsvc.audit.policy import FIRST, LATEST_COMMIT, Entry, entry_digest, seal_digest

ENTRY = tuple(getattr(AuditEntry, field.name) for field in fields(Entry))
GONE_AFTER = timedelta(days=5 * 365)  # the triggers let entries go after five years, not before


def floor(session: Session, *, now: datetime) -> int:
    """The number up to which nothing can be written any more: all of it was sealed a day ago."""
    sealed = (
        select(func.max(AuditSealed.seq))
        .join(
            AuditSeal,
            (AuditSeal.chain == AuditSealed.chain) & (AuditSeal.number == AuditSealed.number),
        )
        .where(AuditSeal.sealed_at <= now - LATEST_COMMIT)
    )
    return session.scalar(sealed) or 0


def unsealed(session: Session, *, above: int, most: int) -> list[Entry]:
    """Entries that no seal holds, with a number above ``above``, in order.

    Numbers are given before the commit, so one that was written late may lie below the sealed.
    """
    asked = (
        select(*ENTRY)
        .outerjoin(AuditSealed, AuditSealed.seq == AuditEntry.seq)
        .where(AuditSealed.seq.is_(None), AuditEntry.seq > above)
        .order_by(AuditEntry.seq)
        .limit(most)
    )
    return [Entry(*row) for row in session.execute(asked)]


def inserted(session: Session, *, now: datetime, most: int = 100) -> list[int]:
    """Numbers of entries that turned up below the floor: the service did not write them."""
    asked = (
        select(AuditEntry.seq)
        .outerjoin(AuditSealed, AuditSealed.seq == AuditEntry.seq)
        .where(AuditSealed.seq.is_(None), AuditEntry.seq <= floor(session, now=now))
        .order_by(AuditEntry.seq)
        .limit(most)
    )
    return list(session.scalars(asked))


def heads(session: Session) -> dict[str, AuditSeal]:
    """The newest seal of each chain."""
    newest = (
        select(AuditSeal.chain, func.max(AuditSeal.number).label("number"))
        .group_by(AuditSeal.chain)
        .subquery()
    )
    asked = select(AuditSeal).join(
        newest, (AuditSeal.chain == newest.c.chain) & (AuditSeal.number == newest.c.number)
    )
    return {seal.chain: seal for seal in session.scalars(asked.order_by(AuditSeal.chain))}


def broken(session: Session, *, now: datetime) -> Iterator[str]:
    """Sentences about everything that does not hold, seal by seal; none when all is well."""
    previous, chain, number = FIRST, "", 0
    seals = select(AuditSeal).order_by(AuditSeal.chain, AuditSeal.number)
    for seal in session.scalars(seals.execution_options(yield_per=200)):
        if seal.chain != chain:
            previous, chain, number = FIRST, seal.chain, 0
        where = f"chain {seal.chain}, seal {seal.number}"
        if seal.number != number + 1:
            yield f"{where}: the seals before it were removed."
        sealed = _sealed(session, seal)
        if seal.previous != previous or seal.digest != _digest_of(seal, sealed):
            yield f"{where}: the seal itself was changed."
        yield from _broken_entries(session, where, sealed, now=now)
        previous, number = seal.digest, seal.number
    for seq in inserted(session, now=now):
        yield f"entry {seq}: it was inserted later, below what was sealed."


def _sealed(session: Session, seal: AuditSeal) -> Sequence[AuditSealed]:
    asked = select(AuditSealed).where(
        AuditSealed.chain == seal.chain, AuditSealed.number == seal.number
    )
    return session.scalars(asked.order_by(AuditSealed.seq)).all()


def _digest_of(seal: AuditSeal, sealed: Sequence[AuditSealed]) -> str:
    entries = [(one.seq, one.at, one.digest) for one in sealed]
    return seal_digest(seal.chain, seal.number, seal.previous, seal.sealed_at, entries)


def _broken_entries(
    session: Session, where: str, sealed: Sequence[AuditSealed], *, now: datetime
) -> Iterator[str]:
    asked = select(*ENTRY).where(AuditEntry.seq.in_([one.seq for one in sealed]))
    there = {row.seq: Entry(*row) for row in session.execute(asked)}
    for one in sealed:
        entry = there.get(one.seq)
        if entry is None:
            if one.at > now - GONE_AFTER:
                yield f"entry {one.seq} ({where}): it was removed."
        elif entry_digest(entry) != one.digest:
            yield f"entry {one.seq} ({where}): it was changed."


def old_entries(*, before: datetime) -> Select[int]:
    """The numbers of sealed entries from before ``before``."""
    return (
        select(AuditEntry.seq)
        .join(AuditSealed, AuditSealed.seq == AuditEntry.seq)
        .where(AuditEntry.at < before)
    )


def unknown_digests(session: Session, noted: Iterable[str]) -> list[str]:
    """Those of the heads noted earlier that no seal has any more."""
    wanted = list(noted)
    known = set(session.scalars(select(AuditSeal.digest).where(AuditSeal.digest.in_(wanted))))
    return [digest for digest in wanted if digest not in known]
