"""Writing the audit trail, sealing it, and letting go what is old enough."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from eventsvc.audit import queries
from eventsvc.audit.models import AuditEntry, AuditSeal, AuditSealed
from eventsvc.audit.policy import FIRST, entry_digest, seal_digest
from eventsvc.core.retention import Rule
from eventsvc.core.retention import before as days_before
from eventsvc.core.rights import Actor

MOST_AT_ONCE = 1000


def record(
    session: Session,
    actor: Actor,
    action: str,
    subject: Any,
    *,
    now: datetime,
    changes: dict[str, Any] | None = None,
) -> None:
    """Note that ``actor`` did ``action`` (``event.published``) to ``subject``, a row with an id.

    ``changes``: names of changed fields with values that are not personal data; it must be JSON.
    """
    session.add(
        AuditEntry(
            organiser_id=getattr(subject, "organiser_id", None) or actor.organiser_id,
            event_id=getattr(subject, "event_id", None),
            actor_kind=actor.kind,
            actor_name=actor.name,
            credential_id=actor.credential_id,
            account_id=actor.account_id,
            action=action,
            subject_type=subject.__tablename__,
            subject_id=subject.id,
            at=now,
            changes=changes or {},
        )
    )


def seal(session: Session, *, now: datetime) -> int:
    """Seal the next batch, one seal for each chain in it; returns how many entries it took.

    Called by one process at a time (the job's lease); no request waits for it.
    """
    above = queries.floor(session, now=now)
    batch = queries.unsealed(session, above=above, most=MOST_AT_ONCE)
    heads = queries.heads(session)
    for chain, found in groupby(sorted(batch, key=attrgetter("chain", "seq")), attrgetter("chain")):
        entries = [(entry.seq, entry.at, entry_digest(entry)) for entry in found]
        head = heads.get(chain)
        number = head.number + 1 if head else 1
        previous = head.digest if head else FIRST
        made = AuditSeal(
            chain=chain,
            number=number,
            entries=len(entries),
            previous=previous,
            digest=seal_digest(chain, number, previous, now, entries),
            sealed_at=now,
        )
        session.add(made)
        session.flush()
        session.add_all(
            AuditSealed(seq=seq, chain=chain, number=number, at=at, digest=digest)
            for seq, at, digest in entries
        )
    session.flush()
    return len(batch)


def remove_old(session: Session, *, before: datetime, most: int) -> int:
    """Remove sealed entries from before ``before``; the triggers keep five years whatever it is."""
    if session.get_bind().dialect.name == "postgresql":
        return session.scalar(select(func.audit_entries_expire(before, most))) or 0
    old = queries.old_entries(before=before).order_by(AuditEntry.seq).limit(most)
    gone: Any = session.execute(
        delete(AuditEntry)
        .where(AuditEntry.seq.in_(old))
        .execution_options(synchronize_session=False)
    )
    return int(gone.rowcount)


def _old(now: datetime) -> Any:
    return queries.old_entries(before=days_before(now, "retention_audit_days"))


RULES = (
    Rule(
        "audit.entries",
        "audit entries that are sealed and older than five years",
        _old,
        lambda session, keys, now: _let_go(session, len(keys), now),
    ),
)


def _let_go(session: Session, most: int, now: datetime) -> None:
    remove_old(session, before=days_before(now, "retention_audit_days"), most=most)
