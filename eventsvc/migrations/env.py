"""Alembic's environment: runs migrations on the engine of the application."""

from __future__ import annotations

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from eventsvc.core.db import Base

config = context.config


def _engine_of_app():  # noqa: ANN202
    return current_app.extensions["migrate"].db.engine


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        # SQLite knows only affinities: comparing VARCHAR with a TypeDecorator tells nothing
        compare_type=connection.dialect.name != "sqlite",
        transaction_per_migration=True,
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
