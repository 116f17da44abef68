"""Headers and parts of every message (delivery.md §8, security.md row 19)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from eventsvc.mail.policy import message_key
from eventsvc.post.policy import Attachment, Letter, Rendered, read_unsubscribe_token
from eventsvc.post.smtp import HeaderRefused, Marks, Sender, envelope
from tests.post.support import CALENDAR

SNAPSHOTS = Path(__file__).parents[1] / "snapshots" / "post"
SECRET = "a test secret of more than thirty-two bytes"
EVENT = "00000000-0000-4000-8000-0000000000ee"
PUBLIC = "00000000-0000-4000-8000-0000000000aa"
SENDER = Sender("events@example.org", "https://events.example.org", SECRET)
MARKS = Marks(
    public_id=PUBLIC,
    key=message_key("recipient", "reminder", "event", EVENT, offset_s=3600, revision=2),
    purpose="reminder",
    event_id=EVENT,
    address="zoe@example.com",
    first_attempt_at=datetime(2027, 3, 1, 9, 0, tzinfo=UTC),
)
LETTER = Letter(
    template="example",
    context={},
    sender_name="Clusters meet Regions, Zürich",
    reply_to="organiser@example.org",
    series="cmr",
)
WORDS = Rendered("Tomorrow: Zoë 李 & O'Brien", "Dear Zoë 李,\n\n.\nSee you.\n", "<p>Zoë</p>", "de")
REMINDER = replace(LETTER, list_name="reminders", unsubscribe_scope=f"event:{EVENT}")


def built(letter: Letter = LETTER, sender: Sender = SENDER) -> tuple[bytes, EmailMessage]:
    content = envelope(sender, MARKS, letter, WORDS).content
    parsed = message_from_bytes(content, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return content, parsed


def same_as_snapshot(name: str, content: bytes) -> None:
    file = SNAPSHOTS / name
    if not file.exists():
        file.write_bytes(content)
        pytest.fail(f"{name} was written: look at it and commit it")
    assert content == file.read_bytes()


def test_a_reminder_with_calendar_byte_for_byte() -> None:
    content, _ = built(replace(REMINDER, calendar=CALENDAR))
    same_as_snapshot("reminder-with-calendar.eml", content)


def test_a_confirmation_byte_for_byte() -> None:
    same_as_snapshot("confirmation.eml", built()[0])


def test_words_in_another_language_say_so() -> None:
    assert built(replace(LETTER, language="it"))[1]["Content-Language"] == "it"


def test_headers_of_every_message() -> None:
    _, message = built()
    assert message["Message-ID"] == f"<{PUBLIC}@example.org>"
    assert message["Date"].datetime == MARKS.first_attempt_at
    assert str(message["From"]) == '"Clusters meet Regions, Zürich" <events@example.org>'
    assert (message["To"], message["Reply-To"]) == ("zoe@example.com", "organiser@example.org")
    assert message["Subject"] == WORDS.subject
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["Content-Language"] == "de"
    assert message["X-Event-Purpose"] == "reminder"
    assert message["X-Event-Message-Key"] == MARKS.key
    assert message["Feedback-ID"] == f"{EVENT}:reminder:cmr:eventsvc"
    assert message["MIME-Version"] == "1.0"
    absent = ("Precedence", "Bcc", "Cc", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post")
    assert [name for name in absent if name in message] == []


def test_list_headers_and_one_click_only_with_https() -> None:
    _, message = built(REMINDER)
    assert message["List-Id"] == f"<reminders.{EVENT}.example.org>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    url, mailto = str(message["List-Unsubscribe"]).split(", ")
    token = url.removeprefix("<https://events.example.org/u/").removesuffix(">")
    assert read_unsubscribe_token(SECRET, token) == (PUBLIC, f"event:{EVENT}")
    assert mailto.startswith("<mailto:events+")
    _, insecure = built(REMINDER, replace(SENDER, base_url="http://localhost"))
    assert "List-Unsubscribe" in insecure
    assert "List-Unsubscribe-Post" not in insecure


def test_lines_are_short_and_ascii() -> None:
    content, _ = built(replace(REMINDER, calendar=CALENDAR * 50))
    assert content.isascii()
    assert max(len(line) for line in content.split(b"\r\n")) <= 998
    assert b"\n" not in content.replace(b"\r\n", b"")


def test_text_comes_first_and_is_whole() -> None:
    _, message = built()
    kinds = [part.get_content_type() for part in message.iter_parts()]
    assert message.get_content_type() == "multipart/alternative"
    assert kinds == ["text/plain", "text/html"]
    text = message.get_body(("plain",))
    assert text is not None
    assert text.get_content().replace("\r\n", "\n") == WORDS.text


def test_the_calendar_stands_in_both_parts_alike() -> None:
    _, message = built(replace(LETTER, calendar=CALENDAR, calendar_method="CANCEL"))
    assert message.get_content_type() == "multipart/mixed"
    alternative, attached = message.iter_parts()
    assert [part.get_content_type() for part in alternative.iter_parts()] == [
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    shown = list(alternative.iter_parts())[2]
    assert shown.get_payload(decode=True) == attached.get_payload(decode=True) == CALENDAR
    assert shown["Content-Type"].params["method"] == "CANCEL"
    assert attached["Content-Type"].params["method"] == "CANCEL"
    assert attached.get_filename() == "event.ics"


def test_other_attachments_follow() -> None:
    file = Attachment("report.pdf", "application/pdf", b"%PDF")
    _, message = built(replace(LETTER, attachments=(file,)))
    [attached] = message.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == ("report.pdf", b"%PDF")


def test_a_second_attempt_has_the_same_bytes() -> None:
    letter = replace(REMINDER, calendar=CALENDAR)
    assert built(letter)[0] == built(letter)[0]


@pytest.mark.parametrize(
    "evil", ["A\r\nBcc: eve@example.org", "A\nX: y", "A\rX", "A\x00", "A\u2028B"]
)
def test_line_breaks_in_headers_are_refused(evil: str) -> None:
    broken = [
        (MARKS, replace(LETTER, sender_name=evil), WORDS),
        (MARKS, replace(LETTER, reply_to=evil), WORDS),
        (MARKS, LETTER, replace(WORDS, subject=evil)),
        (replace(MARKS, address=evil), LETTER, WORDS),
        (replace(MARKS, purpose=evil), LETTER, WORDS),
        (MARKS, replace(LETTER, calendar=CALENDAR, calendar_method=evil), WORDS),
        (MARKS, replace(LETTER, attachments=(Attachment(evil, "text/plain", b""),)), WORDS),
    ]
    for marks, letter, words in broken:
        with pytest.raises(HeaderRefused):
            envelope(SENDER, marks, letter, words)
