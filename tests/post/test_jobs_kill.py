"""kill -9 of a sending process in the middle of 500 messages (delivery.md §6, §11)."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from eventsvc.core import clock, config
from eventsvc.core.transactions import transaction
from eventsvc.mail.models import OutboxMessage
from eventsvc.post import jobs
from tests.post.support import Script, queued

pytestmark = [pytest.mark.commits, pytest.mark.servers, pytest.mark.timeout(240)]

MESSAGES = 500
PROGRAM = """
import sys, time
from dataclasses import replace
from pathlib import Path
from eventsvc.app import create_app
from eventsvc.post import jobs
from tests.conftest import settings_for
from tests.post.conftest import FAST
from tests.post.support import example_letters
app = create_app(settings_for(sys.argv[1], Path(sys.argv[2]), mail_url=sys.argv[3], **FAST))
with app.app_context(), example_letters():
    while True:
        jobs.drain()
        time.sleep(0.1)
"""


def count(state: str) -> int:
    with transaction(write=False) as session:
        wanted = select(func.count()).where(OutboxMessage.state == state)
        return session.scalars(wanted).one()


def start(folder: Path) -> subprocess.Popen[bytes]:
    settings = config.current()
    command = [sys.executable, "-c", PROGRAM, settings.database_url, str(folder), settings.mail_url]
    return subprocess.Popen(command)


@pytest.mark.parametrize(
    "moments", [(120,), pytest.param((40, 90, 140, 200, 300), marks=pytest.mark.deep)]
)
def test_kill_9_in_mid_batch_of_500_loses_nothing_and_copies_at_most_one(
    sending: Flask, script: Script, tmp_path: Path, moments: tuple[int, ...]
) -> None:
    for start_at in range(0, MESSAGES, 100):
        queued(*(f"guest{number}@example.org" for number in range(start_at, start_at + 100)))
    script.pause_s = 0.002  # so that a kill is likely to meet a message in DATA
    kills = 0
    for wanted in moments:
        sender = start(tmp_path)
        deadline = time.monotonic() + 30
        while len(script.received) < wanted and time.monotonic() < deadline:
            time.sleep(0.002)
        sender.kill()
        sender.wait()
        kills += 1
        with transaction() as session:  # instead of waiting for the leases
            past = clock.now(session) - timedelta(seconds=1)
            session.execute(
                update(OutboxMessage)
                .where(OutboxMessage.lease_until.is_not(None))
                .values(lease_until=past)
            )
    assert moments[-1] <= len(script.received) < MESSAGES, "the kills must meet a batch half sent"
    script.pause_s = 0
    deadline = time.monotonic() + 150
    while count("sent") < MESSAGES and time.monotonic() < deadline:
        jobs.drain()
        with transaction() as session:  # an ambiguous one waits a minute
            session.execute(update(OutboxMessage).values(ready_at=OutboxMessage.due_at))
    assert count("sent") == MESSAGES
    copies = script.by_message_id
    assert len(copies) == MESSAGES
    assert len(script.received) <= MESSAGES + kills
    for same in copies.values():
        assert len({message["Date"] for message in same}) == 1
        assert len({message["X-Event-Message-Key"] for message in same}) == 1
