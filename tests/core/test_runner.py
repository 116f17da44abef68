"""Doing periodic work: leases, errors, timers, rings."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from eventsvc.core import bell, clock, runner
from eventsvc.core.jobs import JobHeartbeat, Periodic, heartbeats, take_lease
from eventsvc.core.runner import Runner, perform, stale
from eventsvc.core.transactions import transaction

AT = datetime(2027, 5, 5, 3, 30, tzinfo=UTC)


def job(run, name="test.job", period_s=60, queue="plan", **options) -> Periodic:
    return Periodic(name, period_s, queue, run, **options)


def heartbeat(name="test.job") -> JobHeartbeat:
    with transaction(write=False) as session:
        return heartbeats(session)[name]


def test_a_job_is_performed_under_its_lease(committed):
    ran = []
    assert perform(job(lambda: ran.append(1)))
    assert ran == [1]
    assert heartbeat().lease_until is None
    assert heartbeat().last_ok_at is not None


def test_a_job_whose_lease_is_held_is_not_performed(committed):
    with transaction() as session:
        take_lease(session, "test.job", "other", now=clock.now(session), seconds=60)
    ran = []
    assert not perform(job(lambda: ran.append(1)))
    assert ran == []


def test_a_failing_job_is_noted_and_gives_its_lease_back(committed):
    def fail():
        raise ValueError("no detail of this reaches the table")

    assert perform(job(fail))
    assert heartbeat().last_error == "ValueError"
    assert heartbeat().last_ok_at is None
    assert heartbeat().lease_until is None


@pytest.mark.parametrize(
    ("age", "late"), [(None, True), (100, False), (181, True), (-30, False), (-61, True)]
)
def test_stale_is_older_than_three_periods_or_in_the_future(age, late):
    last = None if age is None else AT - timedelta(seconds=age)
    beats = {"test.job": JobHeartbeat(name="test.job", last_run_at=last)}
    work = job(lambda: None)
    assert stale([work], beats, now=AT, intervals=3) == ([work] if late else [])


@pytest.fixture
def running(committed):
    """Start a runner in a thread; it is stopped at the end."""
    started = []

    def start(*jobs: Periodic) -> None:
        thread = threading.Thread(target=Runner(jobs, committed.app_context).run)
        started.append(thread)
        thread.start()

    yield start
    runner.request_stop()
    for thread in started:
        thread.join(10)
        assert not thread.is_alive()
    runner._stop.clear()


def wait_for(condition, seconds=8.0):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    assert condition()


def test_the_runner_performs_on_a_period(running):
    ran = []
    running(job(lambda: ran.append(1), period_s=1))
    wait_for(lambda: len(ran) >= 2)


def test_the_runner_answers_a_ring_before_the_period(running):
    ran = []
    with transaction() as session:
        session.add(JobHeartbeat(name="test.job", last_run_at=clock.now(session)))
    running(job(lambda: ran.append(1), period_s=3600))
    time.sleep(0.6)
    assert ran == []
    bell.ring("test.job")
    wait_for(lambda: ran == [1])


def test_a_daily_job_runs_although_the_machine_was_off_at_its_hour(running):
    with transaction() as session:
        yesterday = clock.now(session) - timedelta(days=2)
        session.add(JobHeartbeat(name="test.job", last_run_at=yesterday))
    ran = []
    running(job(lambda: ran.append(1), period_s=86400))
    wait_for(lambda: ran == [1])


def test_a_long_report_does_not_hold_back_a_mail(running):
    ended = threading.Event()
    sent = []
    running(
        job(lambda: ended.wait(5), name="report", queue="report", period_s=1),
        job(lambda: sent.append(1), name="drain", queue="mail", period_s=1),
    )
    wait_for(lambda: len(sent) >= 2)
    ended.set()
