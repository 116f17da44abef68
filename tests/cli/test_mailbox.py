"""Commands on the mailbox folder."""

from email.message import EmailMessage
from pathlib import Path

import pytest


@pytest.fixture
def two_mails(tmp_path: Path) -> None:
    folder = tmp_path / "mailbox"
    folder.mkdir()
    for number, purpose in ((2, "day_ahead"), (1, "registration_confirmed")):
        message = EmailMessage()
        message["Date"] = f"Sun, 22 Nov 2026 18:0{number}:00 +0000"
        message["From"] = "events@example.org"
        message["To"] = f"guest-{number}@example.org"
        message["Subject"] = f"Mail {number}"
        message["Message-ID"] = f"<{number}@example.org>"
        message["X-Event-Purpose"] = purpose
        message["X-Event-Message-Key"] = str(number)
        message.set_content(f"Text {number}")
        message.add_alternative(f"<p>Page {number}</p>", subtype="html")
        (folder / f"{number}.eml").write_bytes(bytes(message))


def test_mails_are_listed_by_time(eventsvc, two_mails):
    lines = eventsvc("mailbox", "list").splitlines()
    assert [line.split()[-1] for line in lines[:2]] == ["1", "2"]
    assert lines[-1].startswith("2 messages in ")
    assert len(eventsvc("mailbox", "list", "--purpose", "day_ahead").splitlines()) == 2


def test_a_mail_is_shown_as_text_as_page_and_as_sent(eventsvc, two_mails):
    assert "Text 1" in eventsvc("mailbox", "show", "1")
    assert "<p>Page 2</p>" in eventsvc("mailbox", "show", "2", "--html")
    assert "X-Event-Purpose: day_ahead" in eventsvc("mailbox", "show", "2", "--raw")
    assert "There are 2 messages." in eventsvc("mailbox", "show", "3", fails=True)


def test_with_an_smtp_server_there_is_no_mailbox(eventsvc):
    said = eventsvc("mailbox", "list", fails=True, MAIL_URL="smtp://127.0.0.1:25")
    assert "not to a folder" in said
