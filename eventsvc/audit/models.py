"""The audit trail and its seals: append-only, kept so by triggers (security row 30).

An entry may go once it is older than five years and sealed; its digest stays in the chain.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, ForeignKeyConstraint, Index, event
from sqlalchemy.orm import Mapped, mapped_column

from eventsvc.core.db import Base, Id, Serial


class AuditEntry(Base):
    """One act: who, what, to which thing, when, and the changed fields without personal data."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_organiser", "organiser_id", "seq"),
        Index("ix_audit_entries_subject", "subject_id"),
        Index("ix_audit_entries_at", "at"),
    )

    seq: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    organiser_id: Mapped[str | None] = mapped_column(Id)
    event_id: Mapped[str | None] = mapped_column(Id)
    actor_kind: Mapped[str]
    actor_name: Mapped[str]
    credential_id: Mapped[str | None] = mapped_column(Id)
    # the person who signed in, or who made the token; its name is not kept here (security §3)
    account_id: Mapped[str | None] = mapped_column(Id)
    action: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[str] = mapped_column(Id)
    at: Mapped[datetime]
    changes: Mapped[dict[str, Any]]


class AuditSeal(Base):
    """A batch of entries of one chain, bound to the batch before it by ``previous``.

    chain: an organiser's id, or ``platform`` for acts of no organiser.
    """

    __tablename__ = "audit_seals"

    chain: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entries: Mapped[int]
    previous: Mapped[str]
    digest: Mapped[str]
    sealed_at: Mapped[datetime]


class AuditSealed(Base):
    """One sealed entry: its digest stays when the entry itself has gone."""

    __tablename__ = "audit_sealed"
    __table_args__ = (
        ForeignKeyConstraint(["chain", "number"], ["audit_seals.chain", "audit_seals.number"]),
        Index("ix_audit_sealed_chain", "chain", "number", "seq"),
    )

    seq: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=False)
    chain: Mapped[str]
    number: Mapped[int]
    at: Mapped[datetime]
    digest: Mapped[str]


_MAY_GO = "OLD.at < {past} AND EXISTS (SELECT 1 FROM audit_sealed s WHERE s.seq = OLD.seq)"
_SQLITE_PAST = "strftime('%Y-%m-%d %H:%M:%f', 'now', '-5 years')"
_REFUSED = "BEGIN SELECT RAISE(ABORT, 'audit entries are append-only'); END"
SQLITE_TRIGGERS = {
    "audit_entries": (
        f"CREATE TRIGGER audit_entries_no_update BEFORE UPDATE ON audit_entries {_REFUSED}",
        (
            "CREATE TRIGGER audit_entries_no_delete BEFORE DELETE ON audit_entries "
            f"WHEN NOT ({_MAY_GO.format(past=_SQLITE_PAST)}) {_REFUSED}"
        ),
    ),
    **{
        table: tuple(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} {_REFUSED}"
            for verb in ("UPDATE", "DELETE")
        )
        for table in ("audit_seals", "audit_sealed")
    },
}
_POSTGRESQL_PAST = "now() - interval '5 years'"
REFUSE_FUNCTION = (
    "CREATE OR REPLACE FUNCTION audit_entries_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ "
    "BEGIN IF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'audit_entries' THEN "
    f"IF {_MAY_GO.format(past=_POSTGRESQL_PAST)} THEN RETURN OLD; END IF; END IF; "
    "RAISE EXCEPTION 'audit entries are append-only'; END $$"
)
# the service's role has no right to delete entries; this function, which belongs to the owner of
# the tables, removes only what the trigger lets go
EXPIRE_FUNCTION = (
    "CREATE FUNCTION audit_entries_expire(before timestamptz, most integer) RETURNS integer "
    "LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$ "
    "WITH gone AS (DELETE FROM audit_entries WHERE seq IN (SELECT e.seq FROM audit_entries e "
    "JOIN audit_sealed s ON s.seq = e.seq WHERE e.at < LEAST(before, now() - interval '5 years') "
    "ORDER BY e.seq LIMIT most) RETURNING 1) SELECT count(*)::integer FROM gone $$"
)
POSTGRESQL_TRIGGERS = {
    table: tuple(
        f"CREATE TRIGGER {table}_no_{word} BEFORE {verbs} ON {table} "
        f"FOR EACH {each} EXECUTE FUNCTION audit_entries_refuse()"
        for word, verbs, each in (
            ("change", "UPDATE OR DELETE", "ROW"),
            ("truncate", "TRUNCATE", "STATEMENT"),
        )
    )
    for table in ("audit_entries", "audit_seals", "audit_sealed")
}


@event.listens_for(AuditEntry.__table__, "after_create")
@event.listens_for(AuditSeal.__table__, "after_create")
@event.listens_for(AuditSealed.__table__, "after_create")
def _create_triggers(table: Any, connection: Connection, **_options: Any) -> None:
    if connection.dialect.name == "sqlite":
        statements = SQLITE_TRIGGERS[table.name]
    else:
        statements = (REFUSE_FUNCTION, *POSTGRESQL_TRIGGERS[table.name])
        if table.name == "audit_sealed":
            statements = (*statements, EXPIRE_FUNCTION)
    for statement in statements:
        connection.exec_driver_sql(statement)
