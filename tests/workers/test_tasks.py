"""Tasks perform their job under its lease; messages are JSON; what beat forgets is poked."""

from __future__ import annotations

import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest

from eventsvc import jobs
from eventsvc.core import bell, clock, config
from eventsvc.core.jobs import JobHeartbeat, heartbeats, take_lease
from eventsvc.core.transactions import transaction
from workers import app

JOB = "core.retention"


@pytest.fixture
def working(committed, monkeypatch):
    """The worker in this process, on the application of the test."""
    app.celery.loader.import_default_modules()
    monkeypatch.setattr(app, "_flask", [committed])
    return committed


def test_a_task_performs_its_job_and_notes_it(working):
    app.celery.tasks[JOB].run()
    with transaction(write=False) as session:
        beat = heartbeats(session)[JOB]
    assert beat.last_ok_at is not None
    assert beat.lease_until is None


def test_a_task_whose_lease_is_held_does_nothing(working):
    with transaction() as session:
        now = clock.now(session)
        assert take_lease(session, JOB, "other", now=now, seconds=60)
    app.celery.tasks[JOB].run()
    with transaction(write=False) as session:
        beat = heartbeats(session)[JOB]
    assert beat.owner == "other"
    assert beat.last_ok_at is None


def test_each_process_opens_the_house_for_itself(working, monkeypatch):
    monkeypatch.setattr(app, "create_app", lambda settings: SimpleNamespace(settings=settings))
    app._open_after_fork()
    assert app.house().settings is config.current()


def test_a_soft_stop_reaches_the_job_in_hand(monkeypatch):
    asked = []
    monkeypatch.setattr(app, "request_stop", lambda: asked.append(True))
    app._end_softly()
    assert asked == [True]


@pytest.fixture
def rung(working, monkeypatch):
    """What one look of the worker rings for."""
    rings: list[str] = []

    class OneLook:
        """Lets the watch look once, without waiting."""

        def __init__(self) -> None:
            self.left = 1

        def wait(self, _seconds: float) -> bool:
            self.left -= 1
            return self.left < 0

    def look() -> list[str]:
        monkeypatch.setattr(app, "threading", SimpleNamespace(Event=OneLook))
        monkeypatch.setattr(bell, "ring", rings.append)
        app._watch()
        return rings

    return look


def test_every_silent_job_is_poked(rung):
    assert rung() == [job.name for job in jobs.PERIODIC]


def test_only_what_is_older_than_three_periods_or_in_the_future_is_poked(rung):
    with transaction() as session:
        now = clock.now(session)
        for job in jobs.PERIODIC:
            session.add(JobHeartbeat(name=job.name, last_run_at=now))
        session.flush()
        beats = heartbeats(session)
        beats["post.drain"].last_run_at = now - timedelta(seconds=60)
        beats["events.clock"].last_run_at = now + timedelta(hours=1)  # a clock was set back
        beats["reminders.plan"].last_run_at = now - timedelta(seconds=150)
    assert sorted(rung()) == ["events.clock", "post.drain"]


def test_a_database_that_is_away_is_looked_at_again_later(rung, monkeypatch):
    away = SimpleNamespace(database_url="postgresql+psycopg://x@127.0.0.1:1/x")
    monkeypatch.setattr(app.config, "current", lambda: away)
    assert rung() == []


def test_the_watch_ends_with_its_process(monkeypatch):
    started = []

    class Thread:
        def __init__(self, **given) -> None:
            started.append(given)

        def start(self) -> None:
            started.append("started")

    monkeypatch.setattr(app, "threading", SimpleNamespace(Thread=Thread, Event=threading.Event))
    app._watch_the_beat()
    assert started[0]["daemon"] is True
    assert started[1] == "started"
