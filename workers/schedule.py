"""The beat table, made from ``eventsvc/jobs.py``."""

from __future__ import annotations

from typing import Any

from celery.schedules import crontab, schedule

from eventsvc.jobs import PERIODIC

DAY_S = 86_400


def beat_schedule() -> dict[str, dict[str, Any]]:
    """Job name → when it is poked: its period, or 03:30 UTC for daily work (delivery.md §10)."""
    return {
        job.name: {
            "task": job.name,
            "schedule": crontab(hour="3", minute="30")
            if job.period_s >= DAY_S
            else schedule(run_every=job.period_s),
            "options": {"queue": job.queue, "ignore_result": True},
        }
        for job in PERIODIC
    }
