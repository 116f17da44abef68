"""The mail server of development keeps every message as it came."""

from __future__ import annotations

import smtplib
import sys
from pathlib import Path

import pytest

from dev.processes import Group, answers, free_port, start

MESSAGE = b"From: a@example.org\r\nSubject: =?utf-8?q?H=C3=A9?=\r\n\r\n.dot\r\n\xc3\xa9\r\n"


@pytest.mark.servers
def test_each_message_is_a_file_with_its_envelope(tmp_path: Path):
    port = free_port()
    command = [sys.executable, "-m", "dev.catcher", f"127.0.0.1:{port}", tmp_path / "box"]
    with Group() as group:
        child = group.add(start("mail", command, log=tmp_path / "log"))
        child.wait_until(lambda: answers(port))
        with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
            for number in (1, 2):
                client.sendmail("a@example.org", [f"b{number}@example.org", "c@x.org"], MESSAGE)
        assert child.stop(grace=10) == 0
    first, second = (file.read_bytes() for file in sorted((tmp_path / "box").iterdir()))
    envelope = b"X-MailFrom: a@example.org\r\nX-RcptTo: b1@example.org, c@x.org\r\n"
    assert first == envelope + MESSAGE
    assert b"b2@example.org" in second
