"""The audit trail is sealed; whatever is changed, removed or inserted is found (row 30)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from eventsvc.audit import actions, queries
from eventsvc.audit.models import AuditEntry, AuditSeal, AuditSealed
from eventsvc.core import clock
from eventsvc.core.ids import new_id
from tests.factories.accounts import an_organiser

pytestmark = pytest.mark.threat(30)
NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=2)


def an_entry(session: Session, organiser_id: str | None, **values) -> int:
    told = {
        "organiser_id": organiser_id, "actor_kind": "system", "actor_name": "test",
        "action": "event.changed", "subject_type": "events", "subject_id": new_id(), "at": NOW,
        "changes": {"fields": ["title"], "n": 1}, **values,
    }  # fmt: skip
    made = session.execute(insert(AuditEntry).values(**told))
    return int(made.inserted_primary_key[0])


def without_triggers(session: Session, statement: str) -> None:
    """What somebody could do who owns the database."""
    if session.get_bind().dialect.name == "sqlite":
        names = session.scalars(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit%'")
        ).all()
        for name in names:
            session.execute(text(f"DROP TRIGGER {name}"))
    else:
        for table in ("audit_entries", "audit_seals", "audit_sealed"):
            session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    session.execute(text(statement))
    session.expire_all()


def sealed(session: Session, now=NOW) -> int:
    count = 0
    while taken := actions.seal(session, now=now):
        count += taken
    return count


def found(session: Session, now=LATER) -> list[str]:
    return list(queries.broken(session, now=now))


def test_each_organiser_has_a_chain_of_its_own(session, organiser):
    other = an_organiser(session)
    for one in (organiser.id, other.id, None, organiser.id):
        an_entry(session, one)
    assert sealed(session) >= 4
    an_entry(session, organiser.id)
    assert sealed(session, NOW + timedelta(hours=1)) == 1
    heads = queries.heads(session)
    assert set(heads) == {organiser.id, other.id, "platform"}
    assert heads[organiser.id].number == 2
    first = session.get_one(AuditSeal, (organiser.id, 1))
    assert heads[organiser.id].previous == first.digest
    assert found(session) == []
    assert sealed(session) == 0


def test_an_entry_committed_late_is_not_missed(session, organiser):
    early = an_entry(session, organiser.id) + 1
    an_entry(session, organiser.id, seq=early + 5)
    sealed(session)
    an_entry(session, organiser.id, seq=early)
    assert sealed(session, NOW + timedelta(hours=1)) == 1
    assert session.get(AuditSealed, early) is not None
    assert found(session) == []


@pytest.mark.parametrize(
    ("act", "said"),
    [
        ("UPDATE audit_entries SET actor_name = 'x' WHERE seq = {seq}", "it was changed"),
        (
            "UPDATE audit_entries SET at = '2027-02-01 00:00:00+00' WHERE seq = {seq}",
            "it was chang",
        ),
        ("UPDATE audit_entries SET changes = '{{}}' WHERE seq = {seq}", "it was changed"),
        ("DELETE FROM audit_entries WHERE seq = {seq}", "it was removed"),
        ("UPDATE audit_sealed SET digest = 'x' WHERE seq = {seq}", "the seal itself was changed"),
        ("DELETE FROM audit_sealed WHERE seq = {seq}", "the seal itself was changed"),
        ("UPDATE audit_seals SET digest = 'x' WHERE number = 1", "the seal itself was changed"),
    ],
)
def test_tampering_is_found(session, organiser, act, said):
    an_entry(session, organiser.id)
    seq = an_entry(session, organiser.id)
    an_entry(session, organiser.id)
    sealed(session)
    assert found(session) == []
    without_triggers(session, act.format(seq=seq))
    assert any(said in sentence for sentence in found(session)), found(session)


def test_a_removed_seal_is_found(session, organiser):
    for hour in range(3):
        an_entry(session, organiser.id)
        sealed(session, NOW + timedelta(hours=hour))
    without_triggers(session, "DELETE FROM audit_sealed WHERE number = 2")
    without_triggers(session, "DELETE FROM audit_seals WHERE number = 2")
    assert any("were removed" in sentence for sentence in found(session))


def test_an_entry_inserted_among_sealed_ones_is_found_and_never_sealed(session, organiser):
    seq = an_entry(session, organiser.id) + 1
    an_entry(session, organiser.id, seq=seq + 1)
    sealed(session)
    an_entry(session, organiser.id, seq=seq)
    assert sealed(session, LATER) == 0
    assert found(session) == [f"entry {seq}: it was inserted later, below what was sealed."]


@pytest.mark.parametrize("table", ["audit_entries", "audit_seals", "audit_sealed"])
@pytest.mark.parametrize(
    "verb", ["UPDATE {t} SET {c} = {c}", "DELETE FROM {t}", "TRUNCATE {t} CASCADE"]
)
def test_the_tables_are_append_only(session, organiser, table, verb, backend):
    if backend == "sqlite" and verb.startswith("TRUNCATE"):
        pytest.skip("SQLite has no TRUNCATE")
    an_entry(session, organiser.id)
    sealed(session)
    column = "action" if table == "audit_entries" else "digest"
    with pytest.raises(DatabaseError, match="append-only"), session.begin_nested():
        session.execute(text(verb.format(t=table, c=column)))


def test_old_entries_go_once_they_are_sealed_and_the_chain_holds(session, organiser):
    old = datetime(2019, 1, 1, tzinfo=UTC)
    gone = an_entry(session, organiser.id, at=old)
    kept = an_entry(session, organiser.id)
    before = NOW - timedelta(days=1830)
    assert actions.remove_old(session, before=before, most=100) == 0, "not sealed yet"
    sealed(session)
    assert actions.remove_old(session, before=before, most=100) == 1
    left = set(session.scalars(select(AuditEntry.seq)))
    assert gone not in left
    assert kept in left
    assert found(session) == []


def test_no_setting_makes_the_triggers_let_go_of_younger_ones(session, organiser, backend):
    now = clock.now(session)
    an_entry(session, organiser.id, at=now - timedelta(days=300))
    sealed(session)
    if backend == "postgresql":
        assert actions.remove_old(session, before=now, most=100) == 0
        return
    with pytest.raises(DatabaseError, match="append-only"), session.begin_nested():
        actions.remove_old(session, before=now, most=100)
