"""Exactly one report whatever happens: two at once, crashes, downtime. Commits for real."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from eventsvc import jobs as table
from eventsvc.core import clock
from eventsvc.core.db import db
from eventsvc.core.jobs import Job
from eventsvc.core.transactions import transaction
from eventsvc.core.work import ClaimLost
from eventsvc.mail.models import OutboxMessage
from eventsvc.reports import actions, jobs
from eventsvc.reports.actions import writing
from eventsvc.reports.models import Report, ReportFile
from tests.conftest import add_organiser
from tests.factories.events import ACTOR
from tests.factories.reports import AFTER, LIST, make_ended, make_recorded

pytestmark = pytest.mark.commits
MINUTE = timedelta(minutes=1)


@pytest.fixture
def ended(committed):
    """The id of an event that ended an hour ago, with a list of two, and of a recorded one."""
    with transaction() as session:
        organiser = add_organiser(session)
        event = make_ended(session, organiser.id, guests=4, came=3)
        make_recorded(session, organiser.id)
        return event.id


def count(model, *conditions) -> int:
    with transaction(write=False) as session:
        return session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


def mails() -> int:
    return count(OutboxMessage, OutboxMessage.purpose == "event_report")


def job() -> Job:
    with transaction(write=False) as session:
        return session.scalars(select(Job).where(Job.kind == "report")).one()


def run_at(now, *functions) -> None:
    with clock.standing_at(now):
        for function in functions:
            function()


def check_one_report() -> None:
    assert count(Report) == 1
    assert count(Report, Report.written_at.is_not(None)) == 1
    assert count(ReportFile) == 9
    assert mails() == len(LIST)
    assert job().state == "succeeded"


def test_two_at_once_make_exactly_one_report(committed, ended):
    barrier = threading.Barrier(2)
    done = []

    def work() -> None:
        with committed.app_context():
            barrier.wait(timeout=30)
            for _ in range(2):
                jobs.open_reports()
                jobs.write_reports()
            db.session.remove()
            done.append(True)

    with clock.standing_at(AFTER):
        threads = [threading.Thread(target=work) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(done) == 2
    check_one_report()


def test_after_days_of_downtime_it_comes_once(ended):
    run_at(AFTER + timedelta(days=9), jobs.open_reports, jobs.write_reports)
    run_at(AFTER + timedelta(days=10), jobs.open_reports, jobs.write_reports)
    check_one_report()


def test_a_crash_between_figures_and_mails_leaves_the_job_open(ended, monkeypatch):
    class Killed(BaseException):
        """As sudden as ``kill -9``: no handler of the job runs."""

    def die(*_args, **_options) -> None:
        raise Killed

    run_at(AFTER, jobs.open_reports)
    with monkeypatch.context() as patched:
        patched.setattr(writing, "queue", die)
        with pytest.raises(Killed):
            run_at(AFTER, jobs.write_reports)
    assert (mails(), count(ReportFile), job().state) == (0, 0, "running")
    run_at(AFTER + MINUTE, jobs.write_reports)
    assert mails() == 0, "the lease of the dead writer still holds"
    run_at(AFTER + 6 * MINUTE, jobs.open_reports, jobs.write_reports)
    check_one_report()


def test_a_failure_is_noted_and_tried_again(ended, monkeypatch):
    def fail(*_args, **_options) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as patched:
        patched.setattr(writing, "queue", fail)
        run_at(AFTER, jobs.open_reports, jobs.write_reports)
    failed = job()
    assert (failed.state, failed.problem["code"], failed.attempts) == (
        "queued",
        "internal-error",
        1,
    )
    assert failed.due_at == AFTER + MINUTE
    run_at(AFTER + MINUTE, jobs.write_reports)
    check_one_report()


def test_what_always_fails_ends_as_failed(ended, monkeypatch):
    def fail(*_args, **_options) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(writing, "queue", fail)
    run_at(AFTER, jobs.open_reports)
    for hour in range(8):
        run_at(AFTER + timedelta(hours=hour), jobs.write_reports)
    assert (job().state, job().attempts) == ("failed", 5)


def test_a_writer_that_dies_each_time_is_stopped(ended):
    run_at(AFTER, jobs.open_reports)
    for hour in range(6):
        with transaction() as session:
            actions.claim_next(session, now=AFTER + timedelta(hours=hour))
    assert (job().state, job().problem["code"]) == ("failed", "internal-error")


def test_a_writer_that_was_too_slow_writes_nothing(ended):
    run_at(AFTER, jobs.open_reports)
    with transaction() as session:
        slow = actions.claim_next(session, now=AFTER)
    late = AFTER + timedelta(minutes=6)
    with transaction() as session:
        other = actions.claim_next(session, now=late)
        assert other is not None
    with pytest.raises(ClaimLost), transaction() as session:
        actions.write_claimed(session, slow, now=late)
    with transaction() as session:
        actions.write_claimed(session, other, now=late)
    check_one_report()


def test_by_hand_first_means_none_by_itself(ended):
    with transaction() as session:
        report = actions.open_revision(session, ACTOR, ended, now=AFTER - MINUTE)
        actions.write(session, ACTOR, report, now=AFTER - MINUTE)
    run_at(AFTER, jobs.open_reports, jobs.write_reports)
    assert count(Report) == 1
    assert mails() == len(LIST)


def test_it_releases_itself_by_the_job(ended):
    run_at(AFTER, jobs.open_reports, jobs.write_reports, jobs.release_reports)
    assert count(Report, Report.state == "released") == 0
    run_at(AFTER + timedelta(days=5), jobs.release_reports)
    assert count(Report, Report.state == "released") == 1


def test_the_jobs_stand_in_the_table():
    periods = {one.name: (one.period_s, one.queue) for one in table.PERIODIC}
    assert periods["reports.open"] == (300, "report")
    assert periods["reports.write"] == (60, "report")
    assert periods["reports.release"] == (3600, "report")
