"""Tables: the declarative base, column types that hold on both databases, and mixins.

Flask-SQLAlchemy keeps the engines and the session of each application context; models stand on
:class:`Base`, whose metadata it shares.
"""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from typing import Any, ClassVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    BigInteger,
    Connection,
    DateTime,
    Integer,
    MetaData,
    String,
    Uuid,
    event,
)
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.ext.mutable import MutableDict
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

from eventsvc.core.ids import new_id

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """An aware instant, stored in UTC. SQLite gives datetimes back naive; this never does."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class WallTime(TypeDecorator[datetime]):
    """A naive wall-clock time; the zone stands in the event or item beside it (design law 7)."""

    impl = DateTime(timezone=False)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is not None and value.tzinfo is not None:
            raise ValueError("a wall time has no zone")
        return value


Id = Uuid(as_uuid=False)
Serial = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts only INTEGER keys up
Document = MutableDict.as_mutable(JSON())


class Base(DeclarativeBase):
    """Every table of the house."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Instant(),
        str: String(),
        list[str]: JSON(),
        dict[str, Any]: JSON(),
        list[dict[str, Any]]: JSON(),
    }


# create_savepoint: where a test hands in an open connection, a commit ends a savepoint of it
SESSION_OPTIONS = {"expire_on_commit": False, "join_transaction_mode": "create_savepoint"}
db = SQLAlchemy(metadata=Base.metadata, session_options=SESSION_OPTIONS)


class Identified:
    """A random UUID as primary key."""

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)


class Versioned:
    """``version`` from 1, compared in the UPDATE and DELETE themselves (api.md §3).

    A writer that holds an older row gets ``StaleDataError``, which the door answers as 412.
    """

    version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805  a class is what SQLAlchemy passes
        return {"version_id_col": cls.version}


class Shown:
    """Something that calendars show. A change bumps ``revision`` in the same flush.

    The changed objects of a transaction stand in ``shown_changes(session)`` until its end, where
    the door lets the agenda render what they touch.
    """

    revision: Mapped[int] = mapped_column(default=0)


def shown_changes(session: Session) -> dict[int, Any]:
    """The :class:`Shown` objects changed in this transaction, by identity."""
    changes: dict[int, Any] = session.info.setdefault("shown_changes", {})
    return changes


def seen(session: Session) -> dict[Any, Any]:
    """What this transaction has looked up already: a gate and its view ask for the same thing."""
    found: dict[Any, Any] = session.info.setdefault("seen", {})
    return found


@event.listens_for(Session, "before_flush")
def _bump_revisions(session: Session, _context: Any, _instances: Any) -> None:
    for thing in {*session.new, *session.dirty, *session.deleted}:
        if isinstance(thing, Shown) and (thing in session.deleted or session.is_modified(thing)):
            thing.revision = (thing.revision or 0) + 1
            shown_changes(session)[id(thing)] = thing


def nudge(session: Session, job: str) -> None:
    """Ask that ``job`` be rung after this transaction has committed (design law 1)."""
    session.info.setdefault("nudges", {})[job] = None


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        # SQLAlchemy says BEGIN itself (below), so that a writer can say BEGIN IMMEDIATE.
        connection.isolation_level = None
        for pragma in (
            "foreign_keys=ON",
            "journal_mode=WAL",
            "synchronous=FULL",
            "busy_timeout=5000",
        ):
            connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")
