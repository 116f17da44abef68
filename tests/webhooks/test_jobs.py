"""Sending to a real receiver: delivered, tried again, given back, switched off (api.md §11)."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from eventsvc.audit.models import AuditEntry
from eventsvc.core import clock, config, outgoing
from eventsvc.core.transactions import transaction
from eventsvc.mail.models import OutboxMessage
from eventsvc.post.queries.letters import LETTERS
from eventsvc.post.render import render
from eventsvc.webhooks import actions, jobs, policy
from eventsvc.webhooks.models import WebhookEndpoint
from tests.conftest import add_organiser
from tests.factories.events import NOW, make_event
from tests.receivers import Receiver, receiving, says
from tests.webhooks.support import HOUSE, an_endpoint, deliveries

pytestmark = pytest.mark.commits
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def receiver(committed: Flask, tmp_path: Path) -> Iterator[Receiver]:
    del committed
    plain = config.current()
    with receiving(tmp_path) as running, outgoing.resolving_with(lambda _name: ["127.0.0.1"]):
        config.configure(replace(plain, outgoing_loopback=True, outgoing_ca_file=running.ca_file))
        yield running
        config.configure(plain)


def happening(receiver: Receiver, number: int = 1, **values) -> str:
    """An endpoint at the receiver and ``number`` events announced; returns its secret."""
    with transaction() as session:
        organiser = add_organiser(session)
        _, secret = an_endpoint(session, organiser.id, receiver.url, **values)
        for _ in range(number):
            make_event(session, organiser.id, state="announced")
    return secret


def run(at=NOW) -> None:
    with clock.standing_at(at):
        jobs.send()


def found() -> list:
    with transaction(write=False) as session:
        return deliveries(session)


def endpoint() -> WebhookEndpoint:
    with transaction(write=False) as session:
        return session.scalars(select(WebhookEndpoint)).one()


@pytest.mark.threat(17)
def test_it_arrives_signed(receiver: Receiver):
    secret = happening(receiver)
    run()
    (delivery,) = found()
    assert (delivery.state, delivery.status_code, delivery.attempts) == ("delivered", 200, 1)
    (got,) = receiver.got
    assert got.method == "POST"
    assert got.headers["content-type"] == "application/json"
    assert got.headers["webhook-id"] == delivery.id
    body, at = got.body.decode(), int(got.headers["webhook-timestamp"])
    assert at == int(NOW.timestamp())
    assert got.headers["webhook-signature"] == policy.signature([secret], delivery.id, at, body)
    assert json.loads(body) == {
        "id": delivery.id,
        "type": "event.announced",
        "created_at": "2027-03-01T12:00:00Z",
        "organiser_id": delivery.organiser_id,
        "event_id": delivery.event_id,
        "api_version": "v1",
        "data": {"id": delivery.event_id, "state": "announced"},
    }
    run(NOW + DAY)
    assert len(receiver.got) == 1
    assert endpoint().last_delivered_at == NOW


def test_it_is_tried_again_with_the_same_id_and_body(receiver: Receiver):
    happening(receiver)
    receiver.reply = says(503)
    run()
    (delivery,) = found()
    assert (delivery.state, delivery.status_code) == ("pending", 503)
    assert 54 <= (delivery.due_at - NOW).total_seconds() <= 66
    assert endpoint().failing_since == NOW
    run(NOW + MINUTE / 2)
    assert len(receiver.got) == 1
    receiver.reply = says(204)
    run(NOW + 2 * MINUTE)
    assert [one.state for one in found()] == ["delivered"]
    assert endpoint().failing_since is None
    first, second = receiver.got
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    assert first.headers["webhook-timestamp"] != second.headers["webhook-timestamp"]


def test_after_the_table_it_has_failed(receiver: Receiver):
    happening(receiver)
    receiver.reply = says(500)
    at = NOW
    for _ in range(8):
        run(at)
        at = max(found()[0].due_at, at)
    (delivery,) = found()
    assert (delivery.state, delivery.attempts) == ("failed", 8)
    assert timedelta(days=3) < delivery.ended_at - NOW < timedelta(days=4)
    assert endpoint().enabled


@pytest.mark.threat(16)
def test_a_redirect_is_a_failure(receiver: Receiver):
    happening(receiver)
    receiver.reply = says(302, Location=receiver.url + "/inside")
    run()
    assert [one.path for one in receiver.got] == ["/hook"]
    assert (found()[0].state, found()[0].status_code) == ("pending", 302)


@pytest.mark.threat(16)
def test_a_name_that_was_bound_anew_is_not_called(receiver: Receiver):
    happening(receiver)
    with outgoing.resolving_with(lambda _name: ["10.0.0.7"]):
        run()
    assert receiver.got == []
    assert found()[0].error == "address-not-public"


def test_410_switches_the_endpoint_off_and_writes_to_its_owner(receiver: Receiver):
    happening(receiver, number=6)
    receiver.reply = says(410)
    run()
    off = endpoint()
    assert (off.enabled, off.disabled_reason) == (False, "gone")
    assert {one.state for one in found()} == {"failed", "cancelled"}
    with transaction(write=False) as session:
        (mail,) = session.scalars(select(OutboxMessage))
        letter = LETTERS[mail.purpose](session, mail, NOW)
        acts = list(session.scalars(select(AuditEntry.action)))
    assert mail.payload["label"] == f"hooks.example.org:{receiver.port}"
    words = render(letter.template, "en", letter.context)
    assert "410 Gone" in words.text
    assert acts.count("webhook-endpoint.disabled") == 1


def test_five_days_of_failure_switch_it_off(receiver: Receiver):
    happening(receiver)
    receiver.reply = says(500)
    run()
    later = NOW + 5 * DAY
    with transaction() as session:
        (delivery,) = deliveries(session)
        delivery.due_at = later
    run(later)
    assert endpoint().disabled_reason == "failing"


def test_two_signatures_during_a_change_of_secret(receiver: Receiver):
    old = happening(receiver)
    with transaction() as session:
        row = session.scalars(select(WebhookEndpoint)).one()
        _, new = actions.renew_secret(session, HOUSE, row, now=NOW)
    run()
    (got,) = receiver.got
    at, body = int(got.headers["webhook-timestamp"]), got.body.decode()
    wanted = policy.signature([new, old], got.headers["webhook-id"], at, body)
    assert got.headers["webhook-signature"] == wanted


def test_two_senders_send_each_once(receiver: Receiver, committed: Flask):
    happening(receiver, number=12)

    def send() -> None:
        with committed.app_context():
            jobs.send()

    with clock.standing_at(NOW):
        threads = [threading.Thread(target=send) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    ids = [one.headers["webhook-id"] for one in receiver.got]
    assert len(ids) == len(set(ids)) == 12
    assert {one.state for one in found()} == {"delivered"}


def test_without_its_key_a_secret_is_said_to_be_unreadable(receiver: Receiver):
    happening(receiver)
    kept = config.current()
    config.configure(replace(kept, secret_key="another key of more than thirty-two bytes"))
    try:
        run()
    finally:
        config.configure(kept)
    assert receiver.got == []
    assert found()[0].error == "secret-unreadable"


CHILD = """
import sys, dataclasses
from pathlib import Path
from eventsvc.app import create_app
from eventsvc.core import clock, outgoing
from eventsvc.webhooks import jobs
from tests.factories.events import NOW
from tests.conftest import settings_for
url, folder, ca = sys.argv[1:]
settings = settings_for(url, Path(folder), outgoing_loopback=True, outgoing_ca_file=ca)
inside = lambda name: ["127.0.0.1"]
with create_app(settings).app_context(), clock.standing_at(NOW), outgoing.resolving_with(inside):
    jobs.send()
"""


def test_kill_9_in_the_middle_loses_nothing(receiver: Receiver, tmp_path: Path):
    happening(receiver, number=2)
    reached, going_on = threading.Event(), threading.Event()

    def hold(handler, got):
        reached.set()
        going_on.wait(30)
        says(200)(handler, got)

    receiver.reply = hold
    arguments = [config.current().database_url, str(tmp_path), receiver.ca_file]
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, *arguments], env=os.environ | {"PYTHONPATH": str(Path.cwd())}
    )
    try:
        assert reached.wait(60)
        os.kill(child.pid, signal.SIGKILL)
        child.wait(10)
    finally:
        going_on.set()
        if child.poll() is None:
            child.kill()
            child.wait()
    assert {one.state for one in found()} == {"sending"}
    receiver.reply = says(200)
    time.sleep(0.2)
    run(NOW + 2 * MINUTE)
    assert {one.state for one in found()} == {"delivered"}
    assert {one.headers["webhook-id"] for one in receiver.got} == {one.id for one in found()}
