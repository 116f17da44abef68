"""The settings of Celery, one by one as delivery.md §13 has them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from celery.schedules import crontab, schedule

import eventsvc.app
from eventsvc import jobs
from eventsvc.core import bell
from workers.app import LIMITS, celery
from workers.schedule import beat_schedule

SETTINGS = {
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "worker_prefetch_multiplier": 1,
    "worker_max_tasks_per_child": 500,
    "worker_max_memory_per_child": 300_000,
    "worker_soft_shutdown_timeout": 15,
    "worker_cancel_long_running_tasks_on_connection_loss": False,
    "broker_connection_retry_on_startup": True,
    "broker_connection_max_retries": None,
    "task_ignore_result": True,
    "result_backend": None,
    "task_serializer": "json",
    "accept_content": ["json"],
    "task_always_eager": False,
    "timezone": "UTC",
    "enable_utc": True,
    "worker_send_task_events": False,
    "worker_hijack_root_logger": False,
    "task_publish_retry_policy": {
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0.2,
        "interval_max": 0.2,
    },
}
TRANSPORT = {
    "visibility_timeout": 900,
    "socket_timeout": 10,
    "socket_connect_timeout": 5,
    "socket_keepalive": True,
    "health_check_interval": 30,
}
LIMITS_S = {"mail": (720, 690), "report": (600, 540), "solve": (600, 540), "plan": (120, 90)}


@pytest.mark.parametrize("name", SETTINGS)
def test_setting(name):
    assert celery.conf[name] == SETTINGS[name]


@pytest.mark.parametrize("name", TRANSPORT)
def test_setting_of_the_transport(name):
    assert celery.conf.broker_transport_options[name] == TRANSPORT[name]


def test_sigterm_is_not_remapped():
    assert "REMAP_SIGTERM" not in os.environ


def test_a_message_comes_back_only_after_every_hard_limit():
    hard = max(limit for limit, _ in LIMITS.values())
    assert celery.conf.broker_transport_options["visibility_timeout"] > hard
    assert LIMITS == LIMITS_S


@pytest.mark.parametrize("job", jobs.PERIODIC, ids=lambda job: job.name)
def test_task_of_a_job_takes_nothing_waits_for_nothing_and_has_its_queue(job):
    celery.loader.import_default_modules()
    task = celery.tasks[job.name]
    assert (task.time_limit, task.soft_time_limit) == LIMITS_S[job.queue]
    assert celery.conf.task_routes[job.name] == {"queue": job.queue}
    assert task.acks_late
    assert task.ignore_result
    assert job.limit_s <= task.time_limit


def test_beat_has_every_job_and_its_period():
    table = beat_schedule()
    assert set(table) == {job.name for job in jobs.PERIODIC}
    for job in jobs.PERIODIC:
        row = table[job.name]
        assert row["task"] == job.name
        assert row["options"] == {"queue": job.queue, "ignore_result": True}
        assert "args" not in row
        if job.period_s < 86_400:
            assert row["schedule"] == schedule(run_every=job.period_s)
        else:
            assert row["schedule"] == crontab(hour="3", minute="30")


def test_the_web_rings_with_the_same_patience_and_waits_a_second_at_most(tmp_path):
    """Read in a process of its own: hanging the bell would change it for every other test."""
    assert SETTINGS["task_publish_retry_policy"] == bell.PUBLISH_RETRY
    code = (
        "from eventsvc.app import create_app; from eventsvc.core import bell; create_app();"
        "conf = bell._bell.celery.conf; options = conf.broker_transport_options;"
        "print(options['socket_connect_timeout'], conf.task_publish_retry_policy['max_retries'],"
        "conf.task_serializer)"
    )
    env = {name: value for name, value in os.environ.items() if "EVENTSVC_" not in name}
    env |= {"EVENTSVC_BROKER_URL": "redis://127.0.0.1:1/0", "EVENTSVC_DATA_DIR": str(tmp_path)}
    run = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == ["1", "1", "json"]


def test_nothing_in_the_house_sends_a_time_with_a_task():
    """No eta, countdown or retry: due times live in the tables (delivery.md §13)."""
    root = Path(eventsvc.app.__file__).parents[1]
    for folder in ("eventsvc", "workers"):
        for file in (root / folder).rglob("*.py"):
            text = file.read_text(encoding="utf-8")
            for word in ("apply_async", "countdown=", "eta="):
                assert word not in text, file
