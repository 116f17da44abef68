"""Figures of the running service, for Prometheus and for ``eventsvc doctor`` (delivery.md §12).

They are read from the database at each look, so that they are the same whoever is asked, and
whichever process has died. No figure names a person, an address or an event.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

from prometheus_client import CollectorRegistry, start_wsgi_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.orm import Session

from eventsvc.core import clock
from eventsvc.core.jobs import Periodic, heartbeats
from eventsvc.core.transactions import transaction
from eventsvc.mail import queries as mail
from eventsvc.mail.policy import TRANSACTIONAL
from eventsvc.webhooks import queries as webhooks

SILENT_INTERVALS = 5
URGENT_AGE_S, USUAL_AGE_S = 120, 900
AMBIGUOUS_SINCE = timedelta(days=30)


@dataclass(frozen=True)
class JobFigure:
    """A periodic job: seconds since it last ended well (None: never), and whether it is silent."""

    name: str
    period_s: int
    last_ok_at: datetime | None
    age_s: float | None
    last_error: str | None

    @property
    def silent(self) -> bool:
        """Whether it has not ended well for five periods."""
        return self.age_s is None or self.age_s > SILENT_INTERVALS * self.period_s


@dataclass(frozen=True)
class Figures:
    """What is looked at. Ages in seconds; 0 where nothing waits."""

    mail: dict[str, int]
    mail_due: int
    mail_oldest_s: float
    mail_urgent_oldest_s: float
    ambiguous: int
    webhooks: dict[str, int]
    webhooks_oldest_s: float
    jobs: tuple[JobFigure, ...]

    def alarms(self) -> list[str]:
        """What somebody should look at now, as sentences (delivery.md §12)."""
        said = [
            f"{job.name} has not ended well for five periods" for job in self.jobs if job.silent
        ]
        if self.mail_urgent_oldest_s > URGENT_AGE_S:
            said.append(f"urgent mail has been due for {self.mail_urgent_oldest_s:.0f} s")
        if self.mail_oldest_s > USUAL_AGE_S:
            said.append(f"mail has been due for {self.mail_oldest_s:.0f} s")
        if self.mail["unknown"]:
            said.append(f"{self.mail['unknown']} messages wait for a decision (state unknown)")
        if self.webhooks_oldest_s > USUAL_AGE_S:
            said.append(f"webhooks have been due for {self.webhooks_oldest_s:.0f} s")
        return said


def look(session: Session, jobs: Sequence[Periodic], *, now: datetime) -> Figures:
    """Read all figures."""
    due, oldest = mail.due_now(session, now=now)
    _, urgent = mail.due_now(session, now=now, priority=TRANSACTIONAL)
    beats = heartbeats(session)

    def figure(job: Periodic) -> JobFigure:
        beat = beats.get(job.name)
        ended = beat.last_ok_at if beat else None
        age = _age(ended, now) if ended else None
        return JobFigure(job.name, job.period_s, ended, age, beat.last_error if beat else None)

    return Figures(
        mail=mail.counts_by_state(session),
        mail_due=due,
        mail_oldest_s=_age(oldest, now),
        mail_urgent_oldest_s=_age(urgent, now),
        ambiguous=mail.ambiguous_attempts(session, since=now - AMBIGUOUS_SINCE),
        webhooks=webhooks.standing(session, now=now),
        webhooks_oldest_s=_age(webhooks.oldest_due(session, now=now), now),
        jobs=tuple(figure(job) for job in jobs),
    )


def _age(since: datetime | None, now: datetime) -> float:
    return max((now - since).total_seconds(), 0.0) if since else 0.0


class Scraped(Collector):
    """Gives the figures to Prometheus, read anew for each scrape."""

    def __init__(
        self, jobs: Sequence[Periodic], context: Callable[[], AbstractContextManager[object]]
    ) -> None:
        self.jobs, self.context = jobs, context

    def describe(self) -> list[Metric]:
        """Nothing: the database is not asked when the collector is registered."""
        return []

    def collect(self) -> Iterator[Metric]:
        """One look."""
        with self.context(), transaction(write=False) as session:
            found = look(session, self.jobs, now=clock.now(session))
        yield from metrics_of(found)


def metrics_of(found: Figures) -> Iterator[Metric]:
    """The figures under the names that Prometheus knows them by."""
    yield _labelled("eventsvc_outbox_messages", "Messages by state.", "state", found.mail)
    yield _labelled(
        "eventsvc_webhook_deliveries",
        "Webhook deliveries that are due, being sent, or failed in the last 30 days.",
        "state",
        found.webhooks,
    )
    plain = (
        ("eventsvc_outbox_due", "Messages that are due and wait.", found.mail_due),
        ("eventsvc_outbox_oldest_due_seconds", "Age of the oldest due one.", found.mail_oldest_s),
        (
            "eventsvc_outbox_oldest_urgent_seconds",
            "Age of the oldest due confirmation, promotion, move or cancellation.",
            found.mail_urgent_oldest_s,
        ),
        ("eventsvc_outbox_ambiguous", "Attempts of unknown end in 30 days.", found.ambiguous),
        (
            "eventsvc_webhook_oldest_due_seconds",
            "Age of the oldest due delivery.",
            found.webhooks_oldest_s,
        ),
    )
    for name, said, value in plain:
        yield GaugeMetricFamily(name, said, value=value)
    ended = {job.name: job.last_ok_at.timestamp() for job in found.jobs if job.last_ok_at}
    yield _labelled(
        "eventsvc_job_last_ok_timestamp_seconds", "When a job last ended well.", "job", ended
    )
    silent = {job.name: int(job.silent) for job in found.jobs}
    yield _labelled("eventsvc_job_silent", "1: not ended well for five periods.", "job", silent)


def _labelled(
    name: str, said: str, label: str, values: dict[str, int] | dict[str, float]
) -> Metric:
    family = GaugeMetricFamily(name, said, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family


def serve(
    bind: str, jobs: Sequence[Periodic], context: Callable[[], AbstractContextManager[object]]
) -> Callable[[], None]:
    """Answer scrapes on ``host:port`` in a thread of its own; returns what ends it."""
    host, _, port = bind.rpartition(":")
    registry = CollectorRegistry()
    registry.register(Scraped(jobs, context))
    server, thread = start_wsgi_server(int(port), addr=host, registry=registry)

    def end() -> None:
        server.shutdown()
        server.server_close()
        thread.join()

    return end
