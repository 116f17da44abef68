"""The doorbell: rings a job by its name after a commit. It may be lost; periods find the rest.

The only Celery in the house: a task has the name of its job. Without a broker the bell is a file
that the runner looks at each second.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import structlog
from celery import Celery

from eventsvc.core.config import Settings

log = structlog.get_logger(__name__)

# A web request must not hang because Redis is away (delivery.md §13).
PUBLISH_RETRY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.2, "interval_max": 0.2}


class _Bell:
    """Where rings go in this process."""

    def __init__(self) -> None:
        self.celery: Celery | None = None
        self.folder: Path | None = None
        self.queues: Mapping[str, str] = {}


_bell = _Bell()


def hang(settings: Settings, queues: Mapping[str, str]) -> None:
    """Set the bell of this process. ``queues``: job name → queue (``eventsvc/jobs.py``)."""
    _bell.queues = queues
    _bell.celery = None
    _bell.folder = None
    if settings.embedded:
        _bell.folder = settings.data_dir / "bell"
        return
    _bell.celery = Celery("eventsvc-bell", broker=settings.broker_url, set_as_current=False)
    _bell.celery.conf.update(
        task_publish_retry_policy=PUBLISH_RETRY,
        broker_transport_options={"socket_connect_timeout": 1, "socket_timeout": 1},
        broker_connection_retry=False,
        task_ignore_result=True,
    )


def ring(job: str) -> None:
    """Ring for ``job``. Never raises: a lost ring is found by the job's period."""
    try:
        if _bell.celery is not None:
            _bell.celery.send_task(job, queue=_bell.queues.get(job, "plan"), ignore_result=True)
        elif _bell.folder is not None:
            _bell.folder.mkdir(parents=True, exist_ok=True)
            (_bell.folder / job).touch()
    except Exception as error:  # noqa: BLE001  whatever the broker does, the request has its answer
        log.warning("bell.lost", job=job, error=type(error).__name__)


def take_rings() -> set[str]:
    """The jobs rung since the last look, for the runner. Empty where a broker is set."""
    if _bell.folder is None or not _bell.folder.is_dir():
        return set()
    rung = set()
    for file in _bell.folder.iterdir():
        file.unlink(missing_ok=True)
        rung.add(file.name)
    return rung
