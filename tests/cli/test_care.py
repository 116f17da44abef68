"""``eventsvc doctor``, ``metrics``, ``audit``, ``retention``, ``db grants``."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.cli.test_database import write

ENTRY = (
    "INSERT INTO audit_entries (actor_kind, actor_name, action, subject_type, subject_id, at,"
    " changes) VALUES ('system', 't', 'a', 's', '00000000000000000000000000000000',"
    " '2026-01-01 00:00:00', '{}')"
)


@pytest.mark.threat(30)
def test_the_audit_trail_is_sealed_and_verified(shell):
    assert shell("db", "upgrade").code == 0
    write(shell, ENTRY, ENTRY)
    assert shell("audit", "seal").out == "2 entries sealed.\n"
    said = shell("audit", "verify")
    assert said.code == 0
    head = said.out.split()[3]
    assert said.out.splitlines()[-1] == "All seals hold."
    write(
        shell, "DROP TRIGGER audit_entries_no_update", "UPDATE audit_entries SET actor_name = 'x'"
    )
    said = shell("audit", "verify", "--head", head, "--head", "unknown")
    assert said.code == 1
    assert "entry 1 (chain platform, seal 1): it was changed." in said.out
    assert "head unknown: it is in no chain." in said.out
    assert f"head {head}" not in said.out


def test_retention_says_what_would_go(made):
    said = made("retention", "run", "--dry-run")
    assert said.code == 0
    assert said.out.splitlines()[0].split() == ["rule", "rows", "what"]
    assert "webhooks.deliveries" in said.out
    assert made("retention", "run").code == 0


def test_the_doctor_is_red_where_nothing_runs(made):
    said = made("doctor")
    assert said.code == 1
    assert "RED: webhooks.send has not ended well for five periods." in said.out
    assert "mail: 0 due" in said.out


def test_grants_are_for_plain_names(shell):
    said = shell("db", "grants", "--role", "events_web")
    assert "REVOKE UPDATE, DELETE, TRUNCATE ON audit_entries" in said.out
    assert "TO events_web;" in said.out
    assert "no plain role name" in shell.fails("db", "grants", "--role", "a; DROP TABLE x")


def test_metrics_need_an_address(shell):
    assert "EVENTSVC_METRICS_BIND" in shell.fails("metrics")


@pytest.mark.servers
def test_metrics_are_answered_on_their_own_address(made):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if "EVENTSVC_" not in name}
    serving = subprocess.Popen(
        [sys.executable, "-m", "eventsvc.cli", "metrics"],
        cwd=made.folder,
        env=kept | {"EVENTSVC_METRICS_BIND": f"127.0.0.1:{port}"},
    )
    try:
        body = scraped(f"http://127.0.0.1:{port}/metrics")
    finally:
        serving.send_signal(signal.SIGTERM)
        assert serving.wait(20) == 0
    assert 'eventsvc_outbox_messages{state="pending"} 0.0' in body
    assert 'eventsvc_job_silent{job="post.drain"} 1.0' in body


def scraped(address: str) -> str:
    for _ in range(100):
        try:
            with urlopen(address, timeout=5) as answer:  # noqa: S310  our own process
                return answer.read().decode()
        except (URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(address)
