"""The Celery application and its settings (delivery.md §13).

A task is a poke without arguments that performs the job of its name under the job's lease, so a
lost, repeated or reordered message changes nothing but delay.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import wraps
from typing import Any

import structlog
from celery import Celery
from celery.signals import worker_process_init, worker_ready, worker_shutting_down
from flask import Flask
from sqlalchemy import NullPool, create_engine
from sqlalchemy.orm import Session

from eventsvc import jobs
from eventsvc.app import create_app
from eventsvc.core import bell, clock, config
from eventsvc.core.jobs import heartbeats
from eventsvc.core.runner import perform, request_stop, stale
from workers.broker import let_pokes_be_forgotten
from workers.schedule import beat_schedule

log = structlog.get_logger(__name__)

STALE_INTERVALS = 3
LOOK_EVERY_S = 30.0
LIMITS = {"mail": (720, 690), "report": (600, 540), "solve": (600, 540), "plan": (120, 90)}
QUEUES = jobs.queues()

let_pokes_be_forgotten()
celery = Celery("eventsvc", set_as_current=True)
celery.conf.update(
    broker_url=config.current().broker_url or None,
    include=[
        "workers.mail",
        "workers.reminders",
        "workers.feeds",
        "workers.reports",
        "workers.plans",
        "workers.housekeeping",
        "workers.webhooks",
    ],
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    broker_transport_options={
        "visibility_timeout": 900,
        "socket_timeout": 10,
        "socket_connect_timeout": 5,
        "socket_keepalive": True,
        "health_check_interval": 30,
    },
    worker_prefetch_multiplier=1,
    worker_max_tasks_per_child=500,
    worker_max_memory_per_child=300_000,
    worker_soft_shutdown_timeout=15,
    worker_cancel_long_running_tasks_on_connection_loss=False,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    task_publish_retry_policy=bell.PUBLISH_RETRY,
    task_ignore_result=True,
    result_backend=None,
    task_serializer="json",
    accept_content=["json"],
    task_routes={name: {"queue": queue} for name, queue in QUEUES.items()},
    task_default_queue="plan",
    timezone="UTC",
    enable_utc=True,
    worker_send_task_events=False,
    worker_hijack_root_logger=False,
    beat_schedule=beat_schedule(),
)

_flask: list[Flask] = []


@worker_process_init.connect
def _open_after_fork(**_signal: Any) -> None:
    """Database and mail connections are opened after the fork, never inherited."""
    _flask[:] = [create_app(config.current())]


def house() -> Flask:
    """The application of this process."""
    if not _flask:
        _open_after_fork()
    return _flask[0]


def task_of(name: str) -> Callable[[Callable[[], None]], Any]:
    """Make the decorated function the task of the job ``name``.

    Its body says nothing, its docstring what the job does: the job itself stands in its room.
    """
    job = next(job for job in jobs.PERIODIC if job.name == name)
    hard, soft = LIMITS[job.queue]

    def make(named: Callable[[], None]) -> Any:
        @wraps(named)
        def poke() -> None:
            with house().app_context():
                perform(job)

        return celery.task(name=name, time_limit=hard, soft_time_limit=soft)(poke)

    return make


@worker_shutting_down.connect
def _end_softly(**_signal: Any) -> None:
    request_stop()


@worker_ready.connect
def _watch_the_beat(**_signal: Any) -> None:
    """Poke what beat forgot: it stays silent after a clock set back (delivery.md §10)."""
    threading.Thread(target=_watch, name="heartbeats", daemon=True).start()


def _watch() -> None:
    # No pooled connection: a child forked later must not inherit an open one.
    engine = create_engine(config.current().database_url, poolclass=NullPool, hide_parameters=True)
    wait = threading.Event()
    while not wait.wait(LOOK_EVERY_S):
        try:
            with Session(engine) as session:
                late = stale(
                    jobs.PERIODIC,
                    heartbeats(session),
                    now=clock.now(session),
                    intervals=STALE_INTERVALS,
                )
            for job in late:
                bell.ring(job.name)
        except Exception as error:  # noqa: BLE001  the database may be away; look again later
            log.warning("heartbeats.unread", error=type(error).__name__)
