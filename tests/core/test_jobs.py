"""Leases of periodic jobs: one at a time, whoever asks (delivery.md §10)."""

from datetime import UTC, datetime, timedelta

import pytest

from eventsvc.core.jobs import beat, end_lease, heartbeats, take_lease

AT = datetime(2027, 5, 5, 3, 30, tzinfo=UTC)


@pytest.mark.threat(4)
def test_a_lease_is_held_by_one(session):
    assert take_lease(session, "clock", "a", now=AT, seconds=60)
    assert not take_lease(session, "clock", "b", now=AT + timedelta(seconds=59), seconds=60)
    assert take_lease(session, "clock", "b", now=AT + timedelta(seconds=60), seconds=60)


def test_a_lease_given_back_is_free_at_once(session):
    take_lease(session, "clock", "a", now=AT, seconds=60)
    end_lease(session, "clock", "a", now=AT, error=None)
    assert take_lease(session, "clock", "b", now=AT, seconds=60)
    assert heartbeats(session)["clock"].last_ok_at == AT


def test_who_lost_the_lease_cannot_end_it(session):
    take_lease(session, "clock", "a", now=AT, seconds=60)
    take_lease(session, "clock", "b", now=AT + timedelta(seconds=61), seconds=60)
    end_lease(session, "clock", "a", now=AT + timedelta(seconds=62), error=None)
    assert not take_lease(session, "clock", "c", now=AT + timedelta(seconds=63), seconds=60)


def test_a_failure_is_noted_and_is_no_good_end(session):
    take_lease(session, "clock", "a", now=AT, seconds=60)
    end_lease(session, "clock", "a", now=AT, error="ValueError")
    row = heartbeats(session)["clock"]
    assert (row.last_ok_at, row.last_error, row.last_run_at) == (None, "ValueError", AT)


def test_a_job_that_runs_twice_at_once_beats_without_a_lease(session):
    beat(session, "drain", now=AT, error=None)
    beat(session, "drain", now=AT + timedelta(seconds=10), error=None)
    assert heartbeats(session)["drain"].last_ok_at == AT + timedelta(seconds=10)
