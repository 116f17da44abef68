"""Tasks: pokes without arguments that perform the job of their name under its lease."""

from __future__ import annotations

import pytest

from eventsvc.core.jobs import heartbeats
from eventsvc.core.transactions import transaction
from workers import app as worker

worker.celery.loader.import_default_modules()


def test_a_task_performs_its_job_and_notes_the_heartbeat(committed, monkeypatch):
    monkeypatch.setattr(worker, "_flask", [committed])
    worker.celery.tasks["events.clock"]()
    with transaction(write=False) as session:
        beat = heartbeats(session)["events.clock"]
    assert beat.last_ok_at is not None
    assert beat.last_error is None


@pytest.mark.parametrize(
    "name", sorted(name for name in worker.celery.tasks if not name.startswith("celery."))
)
def test_a_task_takes_nothing_and_has_limits(name):
    task = worker.celery.tasks[name]
    hard, soft = worker.LIMITS[worker.QUEUES[name]]
    assert (task.time_limit, task.soft_time_limit) == (hard, soft)
    with pytest.raises(TypeError):
        task(1)
