"""The one table of periodic work. The runner, the beat and the tasks of ``workers`` come from it."""

from __future__ import annotations

from eventsvc.core.jobs import Periodic

PERIODIC: tuple[Periodic, ...] = ()


def queues() -> dict[str, str]:
    """Job name → queue, for the doorbell."""
    return {job.name: job.queue for job in PERIODIC}
