"""The one clock. Doors read it; ``now`` then travels as an argument."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

_set: list[datetime] = []


def now(session: Session) -> datetime:
    """The present instant in UTC: the database's clock on PostgreSQL, else the process clock."""
    if _set:
        return _set[-1]
    if session.get_bind().dialect.name == "postgresql":
        instant: datetime = session.scalars(select(func.clock_timestamp())).one()
        return instant.astimezone(UTC)
    return datetime.now(UTC)


def process_now() -> datetime:
    """The present instant where there is no database: log lines, the command line."""
    return _set[-1] if _set else datetime.now(UTC)


def monotonic() -> float:
    """Seconds that never go back, for periods and time-outs (delivery.md §10)."""
    return time.monotonic()


@contextmanager
def standing_at(instant: datetime) -> Iterator[None]:
    """Stop the clock of this process at ``instant`` (aware). For tests and the demo seeds."""
    if instant.tzinfo is None:
        raise ValueError("the clock needs an aware datetime")
    _set.append(instant.astimezone(UTC))
    try:
        yield
    finally:
        _set.pop()
