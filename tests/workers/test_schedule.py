"""The beat table is made from the one table of jobs."""

from celery.schedules import crontab, schedule

from eventsvc.jobs import PERIODIC
from workers.schedule import beat_schedule


def test_every_job_is_poked_on_its_period():
    table = beat_schedule()
    assert list(table) == [job.name for job in PERIODIC]
    for job in PERIODIC:
        entry = table[job.name]
        assert entry["task"] == job.name
        assert entry["options"]["queue"] == job.queue
        if job.period_s < 86_400:
            assert entry["schedule"] == schedule(run_every=job.period_s)
        else:
            assert entry["schedule"] == crontab(hour="3", minute="30")


def test_periods_are_those_of_the_contract():
    periods = {job.name: job.period_s for job in PERIODIC}
    assert periods["reminders.plan"] == 60
    assert periods["post.drain"] == periods["post.reap"] == 10
    assert periods["events.clock"] == 60
    assert periods["reports.open"] == 300
    assert periods["registration.expire_proofs"] == 600
