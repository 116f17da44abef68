"""One clock: the database's on PostgreSQL, the process's on SQLite."""

from datetime import UTC, datetime, timedelta

import pytest

from eventsvc.core import clock


def test_now_is_aware_and_near(session):
    now = clock.now(session)
    assert now.tzinfo == UTC
    assert abs(datetime.now(UTC) - now) < timedelta(seconds=5)


def test_now_moves_within_a_transaction(session):
    assert clock.now(session) < clock.now(session)


def test_the_clock_can_stand_still(session):
    instant = datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    with clock.standing_at(instant):
        assert clock.now(session) == clock.process_now() == instant
    assert clock.now(session) != instant


def test_the_clock_refuses_a_naive_time():
    with pytest.raises(ValueError, match="aware"), clock.standing_at(datetime(2027, 1, 1)):
        pass
