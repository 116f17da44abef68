"""Doing periodic work: one job under its lease, and the runner's loop (delivery.md §10, §11).

Celery tasks and the runner call :func:`perform`, so a job is done the same way in both homes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

import structlog

from eventsvc.core import bell, clock
from eventsvc.core.ids import new_id
from eventsvc.core.jobs import JobHeartbeat, Periodic, beat, end_lease, heartbeats, take_lease
from eventsvc.core.transactions import transaction

log = structlog.get_logger(__name__)

TICK_S = 1.0
_stop = threading.Event()


def request_stop() -> None:
    """Ask every running job of this process to end at its next resting point."""
    _stop.set()


def stop_requested() -> bool:
    """Whether a job should give back what is left and return."""
    return _stop.is_set()


def perform(job: Periodic) -> bool:
    """Run ``job`` once; False when somebody else holds its lease.

    An error of the job is logged and noted in its heartbeat, never raised: the next period tries
    again, and no job's correctness depends on being called at a certain time.
    """
    owner = new_id()
    with transaction() as session:
        now = clock.now(session)
        if not job.parallel and not take_lease(
            session, job.name, owner, now=now, seconds=job.limit_s
        ):
            return False
    error = None
    try:
        job.run()
    except Exception as failure:
        error = type(failure).__name__
        log.exception("job.failed", job=job.name)
    with transaction() as session:
        now = clock.now(session)
        if job.parallel:
            beat(session, job.name, now=now, error=error)
        else:
            end_lease(session, job.name, owner, now=now, error=error)
    return True


def stale(
    jobs: Sequence[Periodic], beats: dict[str, JobHeartbeat], *, now: datetime, intervals: int
) -> list[Periodic]:
    """The jobs whose last run is older than ``intervals`` periods, in the future, or unknown."""
    found = []
    for job in jobs:
        heartbeat = beats.get(job.name)
        last = heartbeat.last_run_at if heartbeat else None
        age = (now - last).total_seconds() if last else None
        if age is None or age < -job.period_s or age > intervals * job.period_s:
            found.append(job)
    return found


class Runner:
    """Does the periodic work of an installation without a broker.

    One thread per queue, as production has one worker per queue, so that a long report does not
    hold back a mail. Timers are monotonic; the first run of a long period follows the heartbeat,
    so that a daily job also runs where the machine is switched off at night.
    """

    def __init__(
        self, jobs: Sequence[Periodic], context: Callable[[], AbstractContextManager[object]]
    ) -> None:
        self.jobs = jobs
        self.context = context
        self.rung: dict[str, set[str]] = {job.queue: set() for job in jobs}
        self.lock = threading.Lock()

    def run(self) -> None:
        """Run until :func:`request_stop`; returns when every job in hand has ended."""
        first = self._first_runs()
        threads = [
            threading.Thread(target=self._serve, args=(queue, first), name=f"runner-{queue}")
            for queue in self.rung
        ]
        for thread in threads:
            thread.start()
        while not _stop.wait(TICK_S):
            self._share(bell.take_rings())
        for thread in threads:
            thread.join()

    def _first_runs(self) -> dict[str, float]:
        start = clock.monotonic()
        with self.context(), transaction(write=False) as session:
            now = clock.now(session)
            beats = heartbeats(session)
        first = {}
        for job in self.jobs:
            heartbeat = beats.get(job.name)
            last = heartbeat.last_run_at if heartbeat else None
            age = (now - last).total_seconds() if last else float(job.period_s)
            first[job.name] = start + min(max(job.period_s - age, 0.0), float(job.period_s))
        return first

    def _share(self, rings: set[str]) -> None:
        with self.lock:
            for job in self.jobs:
                if job.name in rings:
                    self.rung[job.queue].add(job.name)

    def _taken(self, queue: str) -> set[str]:
        with self.lock:
            taken = self.rung[queue]
            self.rung[queue] = set()
            return taken

    def _serve(self, queue: str, due: dict[str, float]) -> None:
        mine = [job for job in self.jobs if job.queue == queue]
        while not _stop.wait(TICK_S / 4):
            rung = self._taken(queue)
            for job in mine:
                if _stop.is_set():
                    return
                if job.name in rung or clock.monotonic() >= due[job.name]:
                    self._do(job)
                    due[job.name] = clock.monotonic() + job.period_s

    def _do(self, job: Periodic) -> None:
        try:
            with self.context():
                perform(job)
        except Exception:
            log.exception("runner.failed", job=job.name)
