"""The door owns the transaction (design.md, law 1)."""

from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventsvc.accounts.models import Organiser
from eventsvc.core import bell, transactions
from eventsvc.core.db import db, nudge
from eventsvc.core.transactions import finish_with, transaction

AT = datetime(2027, 5, 5, tzinfo=UTC)


def organiser(slug: str) -> Organiser:
    return Organiser(slug=slug, name=slug, email="events@example.org", created_at=AT)


def slugs() -> list[str]:
    with transaction(write=False) as session:
        return list(session.scalars(select(Organiser.slug).order_by(Organiser.slug)))


def test_the_end_of_a_writing_transaction_commits(committed):
    with transaction() as session:
        session.add(organiser("kept"))
    assert slugs() == ["kept"]


def test_an_error_rolls_everything_back(committed):
    with pytest.raises(ZeroDivisionError), transaction() as session:
        session.add(organiser("lost"))
        session.flush()
        raise ZeroDivisionError
    assert slugs() == []


def test_a_reading_transaction_keeps_nothing(committed):
    with transaction(write=False) as session:
        session.add(organiser("lost"))
        session.flush()
    assert slugs() == []


def test_rings_follow_the_commit_and_an_error_rings_nothing(committed, monkeypatch):
    rung: list[str] = []
    monkeypatch.setattr(bell, "ring", rung.append)
    with pytest.raises(ZeroDivisionError), transaction() as session:
        nudge(session, "lost")
        raise ZeroDivisionError
    with transaction() as session:
        nudge(session, "first")
        assert rung == []
    assert rung == ["first"]


def test_finishers_run_before_the_commit(committed):
    seen: list[list[str]] = []

    def look(session: Session) -> None:
        seen.append(list(session.scalars(select(Organiser.slug))))

    before = list(transactions._finishers)
    finish_with(look)
    try:
        with transaction() as session:
            session.add(organiser("kept"))
    finally:
        finish_with(*before)
    assert seen == [["kept"]]


def test_changes_outside_a_transaction_are_not_lost_silently(committed):
    db.session().add(organiser("stray"))
    db.session().connection()
    with pytest.raises(RuntimeError, match="holds changes"), transaction():
        pass


def test_ten_writers_that_read_first_wait_for_each_other(committed):
    """On SQLite a deferred transaction would fail at once here (api.md §14)."""
    together = Barrier(10)
    failures: list[BaseException] = []

    def write(number: int) -> None:
        with committed.app_context():
            together.wait()
            try:
                with transaction() as session:
                    session.scalars(select(Organiser)).all()
                    session.add(organiser(f"writer-{number}"))
            except Exception as error:  # noqa: BLE001
                failures.append(error)

    threads = [Thread(target=write, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(slugs()) == 10
