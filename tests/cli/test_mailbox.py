"""``eventsvc mailbox``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

import pytest

from tests.cli.conftest import Shell

AT = datetime(2027, 5, 5, 9, tzinfo=UTC)


@pytest.fixture
def full(tmp_path) -> Shell:
    """A mailbox of three, written in another order than sent."""
    folder = tmp_path / "var" / "mailbox"
    folder.mkdir(parents=True)
    purposes = ("registration_confirmed", "starting_soon", "event_report")
    for number, purpose in enumerate(purposes):
        message = EmailMessage()
        message["Date"] = format_datetime(AT + timedelta(hours=number))
        message["From"] = "events@example.org"
        message["To"] = f"zoe{number}@example.org"
        message["Subject"] = f"Zoë, {purpose}"
        message["X-Event-Purpose"] = purpose
        message.set_content(f"Plain of {number}")
        message.add_alternative(f"<p>Rich of {number}</p>", subtype="html")
        message.add_attachment("BEGIN:VCALENDAR", subtype="calendar", filename="event.ics")
        (folder / f"{9 - number}.eml").write_bytes(bytes(message))
    return Shell(tmp_path)


def test_list_is_in_order_of_time(full):
    lines = full("mailbox", "list").out.splitlines()
    assert [line.split()[0] for line in lines[:3]] == ["1", "2", "3"]
    assert "2027-05-05 09:00" in lines[0]
    assert "zoe0@example.org" in lines[0]
    assert "Zoë, registration_confirmed" in lines[0]
    assert lines[3].startswith("3 messages in ")


def test_list_by_purpose_keeps_the_numbers_and_last_limits(full):
    lines = full("mailbox", "list", "--purpose", "starting_soon").out.splitlines()
    assert [line.split()[0] for line in lines[:-1]] == ["2"]
    lines = full("mailbox", "list", "--last", "1").out.splitlines()
    assert [line.split()[0] for line in lines[:-1]] == ["3"]


def test_show_text_html_and_raw(full):
    text = full("mailbox", "show", "2").out
    assert "Subject: Zoë, starting_soon" in text
    assert "Plain of 1" in text
    assert "[attachment event.ics, text/calendar]" in text
    assert "<p>Rich of 1</p>" in full("mailbox", "show", "2", "--html").out
    assert "X-Event-Purpose: starting_soon" in full("mailbox", "show", "2", "--raw").out


def test_an_empty_mailbox_a_wrong_number_and_a_mail_server(shell):
    assert shell("mailbox", "list").out.startswith("0 messages")
    assert "0 messages" in shell.fails("mailbox", "show", "1")
    assert "SMTP" in shell.fails("mailbox", "list", MAIL_URL="smtp://127.0.0.1:25")
