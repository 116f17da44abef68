"""Exports by the clock."""

from __future__ import annotations

from sqlalchemy import select

from eventsvc import jobs as table
from eventsvc.core.jobs import Job
from eventsvc.exports import jobs
from eventsvc.exports.actions import making


def test_the_jobs_stand_in_the_table():
    periods = {one.name: (one.period_s, one.queue) for one in table.PERIODIC}
    assert periods["exports.run"] == (60, "report")
    assert periods["exports.forget"] == (3600, "plan")


def test_a_defect_is_tried_again(export, session, monkeypatch):
    def fail(*_args, **_options):
        raise OSError("no space left")

    with monkeypatch.context() as patched:
        patched.setattr(making, "write_csv", fail)
        assert export("sessions", "csv").json["state"] == "queued"
    job = session.scalars(select(Job)).one()
    job.due_at = job.created_at
    session.commit()
    jobs.run()
    job = session.scalars(select(Job)).one()
    assert (job.state, job.attempts) == ("succeeded", 2)
    jobs.forget()
