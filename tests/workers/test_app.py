"""The settings of the Celery application (delivery.md §13), and what a task does."""

from __future__ import annotations

import pytest

from eventsvc import jobs
from workers.app import LIMITS, celery

EXPECTED = {
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
}


@pytest.mark.parametrize("name", EXPECTED)
def test_section_13(name):
    assert celery.conf[name] == EXPECTED[name]


def test_the_transport_notices_half_open_connections():
    options = celery.conf.broker_transport_options
    assert options["visibility_timeout"] == 900
    assert options["socket_timeout"] == 10
    assert options["socket_connect_timeout"] == 5
    assert options["socket_keepalive"] is True
    assert options["health_check_interval"] == 30


def test_the_visibility_timeout_exceeds_every_hard_limit():
    hard = max(limit for limit, _ in LIMITS.values())
    assert celery.conf.broker_transport_options["visibility_timeout"] > hard


def test_publishing_gives_up_within_half_a_second():
    policy = celery.conf.task_publish_retry_policy
    assert policy == {
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0.2,
        "interval_max": 0.2,
    }


def test_every_job_is_routed_to_its_queue():
    routes = {name: route["queue"] for name, route in celery.conf.task_routes.items()}
    assert routes == jobs.queues()


def test_row_29_only_json_is_accepted():
    celery.loader.import_default_modules()
    for task in celery.tasks.values():
        if not task.name.startswith("celery."):
            assert task.serializer == "json"
