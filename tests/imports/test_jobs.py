"""Imports by the clock, where commits are real: once, all or nothing, whoever dies."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from eventsvc import jobs as table
from eventsvc.agenda.models import Room
from eventsvc.core import clock, work
from eventsvc.core.files import StoredFile
from eventsvc.core.jobs import Job
from eventsvc.core.rights import system
from eventsvc.core.text import Upload
from eventsvc.core.transactions import transaction
from eventsvc.events.models import Event
from eventsvc.imports import actions, jobs
from eventsvc.imports.actions import working
from tests.conftest import add_organiser
from tests.factories.events import make_event

FORM = {"kind": "rooms", "format": "csv", "mode": "commit", "match": "create_only", "notify": False}


@pytest.fixture
def event_id(committed) -> str:
    with transaction() as session:
        return make_event(session, add_organiser(session).id, state="published").id


def send(event_id: str, content: bytes = b"name\nHall", **fields) -> str:
    with transaction() as session:
        event = session.get_one(Event, event_id)
        told = {**FORM, **fields, "file": Upload("f.csv", "text/csv", content)}
        taken = actions.take(session, system("test"), event, told, now=clock.now(session))
        return taken.job_id


def state_of(job_id: str) -> tuple[str, int]:
    with transaction(write=False) as session:
        job = session.get_one(Job, job_id)
        return job.state, session.scalar(select(func.count()).select_from(Room)) or 0


@pytest.mark.threat(4)
def test_two_workers_do_it_once(committed, event_id):
    job_id = send(event_id)
    start = threading.Barrier(2)

    def work_on():
        with committed.app_context():
            start.wait()
            jobs.run()

    threads = [threading.Thread(target=work_on) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert state_of(job_id) == ("succeeded", 1)


def test_killed_between_claim_and_commit_it_is_taken_again(event_id, monkeypatch):
    job_id = send(event_id)

    def die(*_args, **_options):
        raise SystemExit

    with monkeypatch.context() as patched, pytest.raises(SystemExit):
        patched.setattr(working, "write_rows", die)
        jobs.run()
    assert state_of(job_id) == ("running", 0)
    jobs.run()
    assert state_of(job_id) == ("running", 0)  # the lease still holds
    with transaction() as session:
        session.get_one(Job, job_id).lease_until = clock.now(session) - timedelta(seconds=1)
    jobs.run()
    assert state_of(job_id) == ("succeeded", 1)


def test_cancelled_while_it_works_nothing_stands(event_id, monkeypatch):
    job_id = send(event_id)
    read = actions.read

    def cancel_then_read(sent):
        with transaction() as session:
            work.cancel(session, session.get_one(Job, job_id), now=clock.now(session))
        return read(sent)

    monkeypatch.setattr(actions, "read", cancel_then_read)
    jobs.run()
    assert state_of(job_id) == ("cancelled", 0)


def test_a_defect_is_tried_again_and_holds_up_nobody(event_id, monkeypatch):
    first, second = send(event_id), send(event_id, b"name\nOther")
    write = working.write_rows

    def fail_once(run, kind, rows):
        if rows[0].values["name"] == "Hall":
            raise OSError("no space left")
        return write(run, kind, rows)

    monkeypatch.setattr(working, "write_rows", fail_once)
    jobs.run()
    assert (state_of(first)[0], state_of(second)) == ("queued", ("succeeded", 1))


def test_what_the_event_does_not_take_is_told(event_id):
    job_id = send(event_id)
    with transaction() as session:
        session.get_one(Event, event_id).state = "archived"
    jobs.run()
    with transaction(write=False) as session:
        job = session.get_one(Job, job_id)
        assert (job.state, job.problem["code"]) == ("failed", "rows-refused")
        assert job.result["rows"][0]["errors"][0]["code"] == "archived"


def test_a_trial_leaves_nothing(event_id):
    assert state_of(send(event_id, mode="dry_run")) == ("queued", 0)
    jobs.run()
    with transaction(write=False) as session:
        job = session.scalars(select(Job)).one()
        assert (job.state, job.result["counts"]["create"]) == ("succeeded", 1)
        assert session.scalar(select(func.count()).select_from(Room)) == 0


def test_files_are_forgotten_by_the_day(event_id):
    send(event_id)
    jobs.forget()
    with transaction(write=False) as session:
        assert session.scalar(select(func.count()).select_from(StoredFile)) == 1


@pytest.mark.deep
def test_ten_thousand_rows(event_id):
    lines = "\n".join(f"r{n},Room {n},{n}" for n in range(10_000))
    job_id = send(event_id, f"external_id,name,capacity\n{lines}".encode())
    jobs.run()
    assert state_of(job_id) == ("succeeded", 10_000)


def test_the_jobs_stand_in_the_table():
    periods = {one.name: (one.period_s, one.queue) for one in table.PERIODIC}
    assert periods["imports.run"] == (60, "report")
    assert periods["imports.forget"] == (86_400, "plan")
