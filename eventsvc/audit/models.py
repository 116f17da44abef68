"""The audit trail: append-only, kept so by triggers on both databases (security row 30)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Index, event
from sqlalchemy.orm import Mapped, mapped_column

from eventsvc.core.db import Base, Id, Serial


class AuditEntry(Base):
    """One act: who, what, to which thing, when, and the changed fields without personal data."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_organiser", "organiser_id", "seq"),
        Index("ix_audit_entries_subject", "subject_id"),
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


SQLITE_TRIGGERS = tuple(
    f"CREATE TRIGGER audit_entries_no_{verb.lower()} BEFORE {verb} ON audit_entries "
    "BEGIN SELECT RAISE(ABORT, 'audit entries are append-only'); END"
    for verb in ("UPDATE", "DELETE")
)
_REFUSE = "CREATE FUNCTION audit_entries_refuse() RETURNS trigger LANGUAGE plpgsql AS "
_CHANGE = "CREATE TRIGGER audit_entries_no_change BEFORE UPDATE OR DELETE ON audit_entries "
_TRUNCATE = "CREATE TRIGGER audit_entries_no_truncate BEFORE TRUNCATE ON audit_entries "
POSTGRESQL_TRIGGERS = (
    _REFUSE + "$$ BEGIN RAISE EXCEPTION 'audit entries are append-only'; END $$",
    _CHANGE + "FOR EACH ROW EXECUTE FUNCTION audit_entries_refuse()",
    _TRUNCATE + "FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_refuse()",
)


@event.listens_for(AuditEntry.__table__, "after_create")
def _create_triggers(_table: Any, connection: Connection, **_options: Any) -> None:
    sqlite = connection.dialect.name == "sqlite"
    for statement in SQLITE_TRIGGERS if sqlite else POSTGRESQL_TRIGGERS:
        connection.exec_driver_sql(statement)
