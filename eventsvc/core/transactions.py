"""The door owns the transaction. The only place in the house that commits."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.orm import Session

from eventsvc.core import bell
from eventsvc.core.db import db, shown_changes
from eventsvc.core.errors import Unavailable

LOCK_WAIT_MS = 5000

# SQLite lets one writer in and others poll for it, so a thread may starve; a lock hands over.
_sqlite_writer = threading.RLock()

Finisher = Callable[[Session], None]
_finishers: list[Finisher] = []


def finish_with(*finishers: Finisher) -> None:
    """Set what every writing transaction does just before it commits (``create_app`` calls it).

    A finisher renders what the transaction changed, so that no verb can forget it.
    """
    _finishers[:] = finishers


@contextmanager
def transaction(*, write: bool = True) -> Iterator[Session]:
    """One transaction: commit at the end, roll back on any error, then ring what was nudged.

    With ``write=True`` SQLite takes its write lock at once (``BEGIN IMMEDIATE``): a transaction
    that reads first and writes later fails under contention whatever the time-out (api.md §14).

    Raises:
        Unavailable, sqlalchemy.exc.OperationalError: the lock was not free within five seconds;
            the door answers 503.
    """
    with _turn(db.session(), write=write) as session:
        yield from _one_transaction(session, write=write)


@contextmanager
def _turn(session: Session, *, write: bool) -> Iterator[Session]:
    if not write or session.get_bind().dialect.name != "sqlite":
        yield session
        return
    if not _sqlite_writer.acquire(timeout=LOCK_WAIT_MS / 1000):
        raise Unavailable("Another change takes long.", retry_after=1)
    try:
        yield session
    finally:
        _sqlite_writer.release()


def _one_transaction(session: Session, *, write: bool) -> Iterator[Session]:
    if session.in_transaction():
        if session.new or session.dirty or session.deleted:
            raise RuntimeError("a transaction is open and holds changes")
        session.rollback()
    _forget(session)
    session.expunge_all()
    try:
        _begin(session, write=write)
        yield session
        if write:
            session.flush()
            for finisher in _finishers:
                finisher(session)
            session.commit()
            _ring(session)
        else:
            session.expunge_all()  # what was read stays readable after the rollback
            session.rollback()
    except BaseException:
        session.rollback()
        raise
    finally:
        _forget(session)


def _begin(session: Session, *, write: bool) -> None:
    begin = {"sqlite_begin": "IMMEDIATE"} if write else {}
    connection = session.connection(execution_options=begin)
    if connection.dialect.name == "postgresql" and write:
        session.execute(text(f"SET LOCAL lock_timeout = {LOCK_WAIT_MS}"))


def _ring(session: Session) -> None:
    for job in session.info.pop("nudges", {}):
        bell.ring(job)


def _forget(session: Session) -> None:
    session.info.pop("nudges", None)
    session.info.pop("seen", None)
    shown_changes(session).clear()
