"""Letting hours pass in a moment, for processes whose clock no test can turn.

Everything that stands in the database becomes older: to the service that is the same as if the
hours had passed, or as if the clock of the machine had jumped ahead (delivery.md §11).
"""

from __future__ import annotations

import time
from datetime import timedelta

from sqlalchemy import Column, Connection, Table, create_engine, text
from sqlalchemy.exc import OperationalError

import eventsvc.app  # noqa: F401  all tables are known
from eventsvc.core.db import Base, Instant, WallTime

UNCHANGEABLE = {"audit_entries", "audit_sealed", "audit_seals"}
TRIES = 400


def let_pass(url: str, step: timedelta) -> None:
    """Make everything in the database at ``url`` older by ``step``, in one transaction."""
    engine = create_engine(url)
    try:
        for tried in range(1, TRIES + 1):
            try:
                with engine.connect() as connection:
                    _lock(connection)
                    for table in _tables():
                        _age(connection, table, step)
                    connection.commit()
            except OperationalError:
                if tried == TRIES:
                    raise
                time.sleep(0.05)
            else:
                return
    finally:
        engine.dispose()


def _lock(connection: Connection) -> None:
    """Keep writers out; never wait for one while holding a table, so nobody is thrown out."""
    if connection.dialect.name == "sqlite":
        connection.execution_options(sqlite_begin="IMMEDIATE")
        connection.execute(text("SELECT 1"))
        return
    names = ", ".join(f'"{table.name}"' for table in _tables())
    connection.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE NOWAIT"))


def _tables() -> list[Table]:
    tables = Base.metadata.sorted_tables
    return [table for table in tables if table.name not in UNCHANGEABLE and _moments(table)]


def _moments(table: Table) -> list[Column]:
    return [column for column in table.c if isinstance(column.type, Instant | WallTime)]


def _age(connection: Connection, table: Table, step: timedelta) -> None:
    keys, moments = list(table.primary_key), _moments(table)
    for row in connection.execute(table.select()).mappings().all():
        older = {m.name: row[m.name] - step for m in moments if row[m.name] is not None}
        if older:
            same = [key == row[key.name] for key in keys]
            connection.execute(table.update().where(*same).values(older))
