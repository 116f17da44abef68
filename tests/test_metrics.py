"""Figures for Prometheus and the doctor (delivery.md §12)."""

from __future__ import annotations

from datetime import timedelta

from prometheus_client import CollectorRegistry, generate_latest

from eventsvc import jobs, metrics
from eventsvc.core.jobs import beat
from tests.factories.accounts import counted
from tests.factories.events import NOW, make_event
from tests.factories.mail import a_message
from tests.webhooks.support import an_endpoint

MINUTE = timedelta(minutes=1)


def looked(session, now=NOW) -> metrics.Figures:
    return metrics.look(session, jobs.PERIODIC, now=now)


def test_what_waits_is_counted_with_its_age(session, organiser):
    an_endpoint(session, organiser.id)
    make_event(session, organiser.id, state="announced")
    message = a_message(session)
    message.due_at = message.ready_at = NOW - 3 * MINUTE
    message.priority = 0
    session.flush()
    found = looked(session)
    assert (found.mail_due, found.mail_oldest_s, found.mail_urgent_oldest_s) == (1, 180, 180)
    assert found.mail["pending"] == 1
    assert found.webhooks == {"pending": 1, "sending": 0, "failed": 0}
    assert looked(session, NOW + MINUTE).webhooks_oldest_s == 60
    assert "urgent mail has been due for 180 s" in found.alarms()


def test_a_job_is_silent_after_five_periods(session):
    for job in jobs.PERIODIC:
        beat(session, job.name, now=NOW, error=None)
    assert looked(session).alarms() == []
    late = looked(session, NOW + timedelta(seconds=51))
    assert {job.name for job in late.jobs if job.silent} == {
        job.name for job in jobs.PERIODIC if job.period_s == 10
    }


def test_a_job_that_fails_each_time_is_silent_too(session):
    beat(session, "post.drain", now=NOW, error=None)
    beat(session, "post.drain", now=NOW + MINUTE, error="RuntimeError")
    drain = next(job for job in looked(session, NOW + MINUTE).jobs if job.name == "post.drain")
    assert (drain.silent, drain.last_error) == (True, "RuntimeError")


def test_the_text_names_no_person_and_reads_as_prometheus_wants_it(app, session):
    message = a_message(session)
    message.address = "planted@example.org"
    session.commit()
    registry = CollectorRegistry()
    registry.register(metrics.Scraped(jobs.PERIODIC, app.app_context))
    text = generate_latest(registry).decode()
    assert "# TYPE eventsvc_outbox_due gauge" in text
    assert 'eventsvc_webhook_deliveries{state="failed"} 0.0' in text
    assert "planted" not in text


def test_a_look_costs_the_same_whatever_waits(session):
    with counted() as few:
        looked(session)
    for _ in range(20):
        a_message(session)
    with counted() as many:
        looked(session)
    assert len(many) == len(few) <= 8
