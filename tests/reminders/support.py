"""Short words for tests of reminders."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from eventsvc.mail.models import OutboxMessage
from eventsvc.reminders import actions

HORIZON = timedelta(hours=24)


def vienna(text: str) -> datetime:
    """An instant given by the clocks of Vienna in spring 2027 (summer time from 28 March)."""
    wall = datetime.fromisoformat(text)
    offset = 2 if wall >= datetime(2027, 3, 28, 2) else 1
    return (wall - timedelta(hours=offset)).replace(tzinfo=UTC)


def plan(session: Session, at: str | datetime, **options) -> int:
    """Plan as the job would at that moment."""
    now = vienna(at) if isinstance(at, str) else at
    return actions.plan_reminders(session, now=now, horizon=HORIZON, **options)


def outbox(session: Session, purpose: str | None = None, **marks) -> list[OutboxMessage]:
    """The messages with these marks, in order, as they are in the database."""
    statement = select(OutboxMessage).order_by(OutboxMessage.due_at, OutboxMessage.id)
    if purpose is not None:
        statement = statement.where(OutboxMessage.purpose == purpose)
    for name, mark in marks.items():
        statement = statement.where(getattr(OutboxMessage, name) == mark)
    return list(session.scalars(statement.execution_options(populate_existing=True)))


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    """The SQL statements that the database gets meanwhile."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        seen.append(statement)

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(connection, "before_cursor_execute", note)
