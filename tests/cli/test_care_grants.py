"""The rights of the service role hold on PostgreSQL (security row 30, §4)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from eventsvc.audit import actions
from eventsvc.audit.models import AuditEntry
from eventsvc.cli.care import grants
from tests.audit.test_queries import NOW, an_entry, sealed

ROLE = "eventsvc_grants_test"


@pytest.mark.threat(30)
def test_the_service_writes_history_and_cannot_rewrite_it(session, organiser, backend):
    if backend != "postgresql":
        pytest.skip("SQLite has no roles")
    old = an_entry(session, organiser.id, at=datetime(2019, 1, 1, tzinfo=UTC))
    sealed(session)
    owner = session.scalar(text("SELECT current_user"))
    session.execute(text(f"CREATE ROLE {ROLE}"))
    session.execute(text("CREATE TABLE alembic_version (version_num text)"))
    for statement in grants(ROLE, owner):
        session.execute(text(statement))
    session.execute(text(f"SET LOCAL ROLE {ROLE}"))
    an_entry(session, organiser.id)
    session.execute(text("UPDATE organisers SET name = name"))
    for refused in (
        "UPDATE audit_entries SET actor_name = 'x'",
        "DELETE FROM audit_entries",
        "TRUNCATE audit_entries",
        "DELETE FROM audit_sealed",
        "UPDATE audit_seals SET digest = 'x'",
        "UPDATE alembic_version SET version_num = 'x'",
        "CREATE TABLE mine (x integer)",
        "ALTER TABLE audit_entries DISABLE TRIGGER ALL",
    ):
        with (
            pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
            session.begin_nested(),
        ):
            session.execute(text(refused))
    assert actions.remove_old(session, before=NOW - timedelta(days=1830), most=10) == 1
    assert session.get(AuditEntry, old) is None
