"""How long things are kept: the form of a rule, and what the core throws away (security.md §3).

A rule stands in the room that owns the table; ``eventsvc/retention.py`` has the list of all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from eventsvc.core import config
from eventsvc.core.idempotency import IdempotencyClaim
from eventsvc.core.jobs import Job

MOST_AT_ONCE = 500

Apply = Callable[[Session, Sequence[Any], datetime], None]


@dataclass(frozen=True)
class Rule:
    """What goes, and how.

    ``wanted``: the keys of the rows whose time is over at an instant; ``apply`` makes them go, so
    that they are wanted no more.
    """

    name: str
    what: str
    wanted: Callable[[datetime], Select[Any]]
    apply: Apply

    def due(self, session: Session, *, now: datetime) -> int:
        """How many rows would go."""
        return session.scalar(select(func.count()).select_from(self.wanted(now).subquery())) or 0

    def next_batch(self, session: Session, *, now: datetime) -> list[Any]:
        """Let the next rows go; returns their keys, none when nothing is left."""
        keys = list(session.scalars(self.wanted(now).limit(MOST_AT_ONCE)))
        if keys:
            self.apply(session, keys, now)
        return keys


def before(now: datetime, setting: str) -> datetime:
    """The instant that lies the number of days of a setting before ``now``."""
    return now - timedelta(days=getattr(config.current(), setting))


def deleting(key: InstrumentedAttribute[Any]) -> Apply:
    """Delete the rows with these keys."""

    def apply(session: Session, keys: Sequence[Any], _now: datetime) -> None:
        session.execute(
            delete(key.class_).where(key.in_(keys)).execution_options(synchronize_session=False)
        )

    return apply


def blanking(key: InstrumentedAttribute[Any], values: Mapping[str, Any]) -> Apply:
    """Blank fields of the rows with these keys."""

    def apply(session: Session, keys: Sequence[Any], _now: datetime) -> None:
        session.execute(
            update(key.class_)
            .where(key.in_(keys))
            .values(**values)
            .execution_options(synchronize_session=False)
        )

    return apply


RULES = (
    Rule(
        "core.idempotency",
        "answers kept for repeated calls, after 24 hours",
        lambda now: select(IdempotencyClaim.id).where(IdempotencyClaim.expires_at <= now),
        deleting(IdempotencyClaim.id),
    ),
    Rule(
        "core.jobs",
        "one-off jobs that have ended",
        lambda now: select(Job.id).where(Job.ended_at <= before(now, "retention_job_days")),
        deleting(Job.id),
    ),
)
