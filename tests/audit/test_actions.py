"""The audit trail is written with the act and cannot be changed (security.md row 30)."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from eventsvc.audit.models import AuditEntry


def test_an_act_leaves_one_entry_with_its_actor(session, organiser):
    entry = session.scalars(select(AuditEntry)).one()
    assert entry.action == "organiser.added"
    assert (entry.actor_kind, entry.actor_name) == ("system", "test")
    assert entry.subject_type == "organisers"
    assert entry.subject_id == organiser.id


@pytest.mark.threat(30)
@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entries SET action = 'x'", "DELETE FROM audit_entries"]
)
def test_row_30_an_entry_is_never_changed(session, organiser, statement):
    with pytest.raises(DatabaseError, match="append-only"):
        session.execute(text(statement))


@pytest.mark.threat(30)
def test_row_30_postgresql_refuses_truncate_too(session, backend):
    if backend == "postgresql":
        with pytest.raises(DatabaseError, match="append-only"):
            session.execute(text("TRUNCATE audit_entries"))
