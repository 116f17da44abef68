"""Alembic's environment: runs migrations on the engine of the application."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from flask import current_app
from sqlalchemy import Connection, Engine

from eventsvc.core.db import Base, Instant, WallTime
from eventsvc.core.sealed import SealedText

config = context.config


def _engine_of_app() -> Engine:
    engine: Engine = current_app.extensions["migrate"].db.engine
    return engine


def _written(kind: str, thing: Any, _context: Any) -> str | Literal[False]:
    """A migration names plain column types: it must run when ours are long renamed."""
    if kind == "type" and isinstance(thing, Instant):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(thing, WallTime):
        return "sa.DateTime()"
    if kind == "type" and isinstance(thing, SealedText):
        return "sa.String()"
    return False


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        # SQLite knows only affinities: comparing VARCHAR with a TypeDecorator tells nothing
        compare_type=connection.dialect.name != "sqlite",
        transaction_per_migration=True,
        render_item=_written,
    )
    with context.begin_transaction():
        context.run_migrations()


def run() -> None:
    """Run on the connection handed in by a test, else on one of the application."""
    given = config.attributes.get("connection")
    if given is not None:
        _migrate(given)
        return
    with _engine_of_app().connect() as connection:
        if connection.dialect.name == "sqlite":
            # Batch migrations copy tables; with foreign keys on that deletes child rows, and the
            # pragma only holds outside a transaction (api.md §14).
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.commit()
        _migrate(connection)
        if connection.dialect.name == "sqlite":
            connection.commit()
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")


run()
