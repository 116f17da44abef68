"""The form of a rule: what it counts is what goes, in batches, and it then wants nothing more."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from eventsvc.core import clock, retention
from eventsvc.core.jobs import Job
from eventsvc.core.retention import Rule, before, blanking, deleting

OLD = timedelta(days=91)


def jobs_ended(session, number: int):
    now = clock.now(session)
    told = {"kind": "report", "args": {}, "due_at": now, "created_at": now, "state": "succeeded"}
    session.add_all(Job(key=f"job {n}", ended_at=now - OLD, **told) for n in range(number))
    session.flush()
    return now


def rule(name: str) -> Rule:
    return next(one for one in retention.RULES if one.name == name)


def test_a_rule_counts_and_deletes_in_batches(session, monkeypatch):
    monkeypatch.setattr(retention, "MOST_AT_ONCE", 2)
    now = jobs_ended(session, 3)
    ended = rule("core.jobs")
    assert ended.due(session, now=now) == 3
    assert [len(ended.next_batch(session, now=now)) for _ in range(3)] == [2, 1, 0]
    assert ended.due(session, now=now) == 0


def test_blanking_keeps_the_row(session):
    now = jobs_ended(session, 2)
    keys = list(session.scalars(select(Job.id).where(Job.key == "job 0")))
    blanking(Job.id, {"problem": "gone"})(session, keys, now)
    session.expire_all()
    assert sorted(str(one.problem) for one in session.scalars(select(Job))) == ["None", "gone"]
    deleting(Job.id)(session, keys, now)
    assert list(session.scalars(select(Job.key))) == ["job 1"]


def test_a_setting_gives_the_instant_before_which_things_are_old(app, session):
    now = clock.now(session)
    assert before(now, "retention_job_days") == now - timedelta(days=90)
