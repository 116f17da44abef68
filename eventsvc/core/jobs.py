"""Background work: the form of a periodic job, its lease, and one-off jobs as rows.

The periodic table itself stands in ``eventsvc/jobs.py``. Leases follow delivery.md §10: a try-lock
per name, extended between batches, so that two beats or a repeated tick change nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Index, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert as _postgresql_insert
from sqlalchemy.dialects.sqlite import insert as _sqlite_insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from eventsvc.core.db import Base, Id, Identified


@dataclass(frozen=True)
class Periodic:
    """A job called on a period. ``parallel``: may run twice at once (drain, reap)."""

    name: str
    period_s: int
    queue: str
    run: Callable[[], None]
    parallel: bool = False
    limit_s: int = 120


class Job(Identified, Base):
    """A piece of work to be done once: a report, an import, an export, a plan (``core/work``).

    ``scope``: what a caller needs to see and cancel it. ``problem``: code, title, detail and
    field errors of the refusal that ended it.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        Index(
            "ix_jobs_due",
            "due_at",
            postgresql_where=text("state IN ('queued', 'running')"),
            sqlite_where=text("state IN ('queued', 'running')"),
        ),
    )

    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    organiser_id: Mapped[str | None] = mapped_column(Id)
    event_id: Mapped[str | None] = mapped_column(Id)
    scope: Mapped[str | None]
    args: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(default="queued")
    due_at: Mapped[datetime]
    claim: Mapped[str | None] = mapped_column(Id)
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    progress: Mapped[int] = mapped_column(default=0)
    result: Mapped[dict[str, Any] | None]
    problem: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class JobHeartbeat(Base):
    """When a periodic job last ran and last ended well, and who holds its lease."""

    __tablename__ = "job_heartbeats"

    name: Mapped[str] = mapped_column(primary_key=True)
    last_run_at: Mapped[datetime | None]
    last_ok_at: Mapped[datetime | None]
    owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    last_error: Mapped[str | None]


def take_lease(session: Session, name: str, owner: str, *, now: datetime, seconds: int) -> bool:
    """Take the try-lock of a periodic job; False when somebody else holds it."""
    if session.get(JobHeartbeat, name) is None:
        return _first_lease(session, name, owner, now=now, seconds=seconds)
    taken = session.execute(
        update(JobHeartbeat)
        .where(
            JobHeartbeat.name == name,
            or_(JobHeartbeat.lease_until.is_(None), JobHeartbeat.lease_until <= now),
        )
        .values(owner=owner, lease_until=now + timedelta(seconds=seconds), last_run_at=now)
        .execution_options(synchronize_session=False)
    )
    return _rows(taken) == 1


def _first_lease(session: Session, name: str, owner: str, *, now: datetime, seconds: int) -> bool:
    lease_until = now + timedelta(seconds=seconds)
    values = {"name": name, "owner": owner, "last_run_at": now, "lease_until": lease_until}
    taken = session.execute(insert_once(session, JobHeartbeat, values, on=["name"]))
    return _rows(taken) == 1


def end_lease(session: Session, name: str, owner: str, *, now: datetime, error: str | None) -> None:
    """Give the lease back and note how the run ended."""
    values: dict[str, Any] = {"owner": None, "lease_until": None, "last_error": error}
    if error is None:
        values["last_ok_at"] = now
    session.execute(
        update(JobHeartbeat)
        .where(JobHeartbeat.name == name, JobHeartbeat.owner == owner)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def beat(session: Session, name: str, *, now: datetime, error: str | None) -> None:
    """Note a run of a job that holds no lease because it may run twice at once."""
    session.execute(insert_once(session, JobHeartbeat, {"name": name}, on=["name"]))
    values: dict[str, Any] = {"last_run_at": now, "last_error": error}
    if error is None:
        values["last_ok_at"] = now
    session.execute(update(JobHeartbeat).where(JobHeartbeat.name == name).values(**values))


def heartbeats(session: Session) -> dict[str, JobHeartbeat]:
    """Every heartbeat by job name."""
    return {row.name: row for row in session.scalars(select(JobHeartbeat))}


def insert_once(
    session: Session, model: type[Base], values: dict[str, Any], *, on: list[str]
) -> Any:
    """``INSERT … ON CONFLICT (on) DO NOTHING`` on either database; rowcount 1 = inserted."""
    dialect = session.get_bind().dialect.name
    insert = _postgresql_insert if dialect == "postgresql" else _sqlite_insert
    statement = insert(model).values(**values).on_conflict_do_nothing(index_elements=on)
    # without this the driver of PostgreSQL says -1 for an INSERT
    return statement.execution_options(preserve_rowcount=True)


def _rows(result: Any) -> int:
    count: int = result.rowcount
    return count
