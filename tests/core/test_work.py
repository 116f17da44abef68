"""One-off jobs: claimed once, given back by whoever dies, fenced against whoever is too slow."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from eventsvc.core import work
from eventsvc.core.errors import Conflict, Invalid, NotFound
from eventsvc.core.ids import new_id
from eventsvc.core.jobs import Job
from eventsvc.core.transactions import transaction
from eventsvc.core.work import ClaimLost

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
LATER = NOW + work.LEASE


def queue(session, key="k", **values) -> str:
    told = {"args": {"n": 1}, "organiser_id": None, "now": NOW, **values}
    return work.queue_job(session, "test", key=key, **told)


def the_job(session) -> Job:
    return session.scalars(select(Job).execution_options(populate_existing=True)).one()


def test_a_key_is_queued_once(session):
    assert queue(session) == queue(session)
    assert the_job(session).state == "queued"


def test_done_once(session):
    queue(session)
    claimed = work.claim_next(session, "test", now=NOW)
    assert work.claim_next(session, "test", now=NOW) is None
    assert work.claim_next(session, "other", now=NOW) is None
    work.note_progress(session, claimed, 40, now=NOW)
    assert (the_job(session).state, the_job(session).progress) == ("running", 40)
    work.succeed(session, claimed, {"done": True}, now=NOW)
    job = the_job(session)
    assert (job.state, job.progress, job.result) == ("succeeded", 100, {"done": True})
    assert (job.ended_at, job.claim, job.lease_until) == (NOW, None, None)


@pytest.mark.threat(4)
def test_two_workers_take_one_job_once(committed):
    with transaction() as session:
        queue(session)
    taken, start = [], threading.Barrier(2)

    def take():
        with committed.app_context():
            start.wait()
            with transaction() as session:
                taken.append(work.claim_next(session, "test", now=NOW))

    threads = [threading.Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claim is None for claim in taken) == [False, True]


def test_whoever_dies_leaves_it_to_the_next(session):
    queue(session)
    first = work.claim_next(session, "test", now=NOW)
    second = work.claim_next(session, "test", now=LATER)
    assert second.job_id == first.job_id
    with pytest.raises(ClaimLost):
        work.succeed(session, first, {}, now=LATER)
    work.succeed(session, second, {}, now=LATER)


def test_a_job_that_kills_each_worker_is_given_up(session):
    queue(session)
    for hour in range(len(work.RETRIES) + 2):
        work.claim_next(session, "test", now=NOW + timedelta(hours=hour))
    job = the_job(session)
    assert (job.state, job.problem["code"]) == ("failed", "internal-error")


def test_a_refusal_ends_it_with_its_problem(session):
    queue(session)
    claimed = work.claim_next(session, "test", now=NOW)
    refusal = Invalid.field("/file", "bad-csv", "Line 3: …")
    work.fail(session, claimed, refusal, result={"rows": []}, now=NOW)
    job = the_job(session)
    assert (job.state, job.result, job.problem["code"]) == (
        "failed", {"rows": []}, "validation-failed",
    )  # fmt: skip
    assert job.problem["errors"] == [{"pointer": "/file", "code": "bad-csv", "detail": "Line 3: …"}]
    conflict = work.problem_of(Conflict("taken", "It is.", conflicts_with=["x"]))
    assert (conflict["code"], conflict["conflicts_with"]) == ("taken", ["x"])


def test_a_defect_is_tried_again_later(session):
    queue(session)
    now = NOW
    for wait in work.RETRIES:
        work.put_off(session, work.claim_next(session, "test", now=now), now=now)
        assert work.claim_next(session, "test", now=now) is None
        now += wait
    work.put_off(session, work.claim_next(session, "test", now=now), now=now)
    assert the_job(session).state == "failed"


def test_cancelled_while_it_runs(session):
    queue(session)
    claimed = work.claim_next(session, "test", now=NOW)
    work.cancel(session, the_job(session), now=NOW)
    work.cancel(session, the_job(session), now=NOW)
    with pytest.raises(ClaimLost):
        work.succeed(session, claimed, {}, now=NOW)
    assert (the_job(session).state, the_job(session).ended_at) == ("cancelled", NOW)


def test_what_has_ended_is_not_cancelled(session):
    queue(session)
    work.succeed(session, work.claim_next(session, "test", now=NOW), {}, now=NOW)
    with pytest.raises(Conflict) as refused:
        work.cancel(session, the_job(session), now=NOW)
    assert refused.value.code == "job-ended"


def test_a_job_by_its_id(session):
    job_id = queue(session)
    assert work.job_of(session, job_id).id == job_id
    assert work.job_of(session, job_id, lock=True).id == job_id
    for unknown in ("no-id", new_id()):
        with pytest.raises(NotFound):
            work.job_of(session, unknown)
