"""From the act to the message in the mailbox folder, by the real jobs on a real database."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

from eventsvc.core import clock, config
from eventsvc.core.transactions import transaction
from eventsvc.post import jobs as post
from eventsvc.reminders import jobs as reminders
from tests.conftest import add_organiser
from tests.factories.agenda import make_session
from tests.factories.events import NOW
from tests.factories.registration import make_open_event, make_registration
from tests.reminders.support import vienna


def mailbox() -> list[EmailMessage]:
    folder = Path(urlsplit(config.current().mail_url).path)
    found = [
        message_from_bytes(file.read_bytes(), policy=policy.default)
        for file in sorted(folder.rglob("*.eml"))
    ]
    return [message for message in found if isinstance(message, EmailMessage)]


def test_a_confirmation_then_the_reminders_each_once(committed) -> None:
    with clock.standing_at(NOW), transaction() as session:
        event = make_open_event(session, add_organiser(session).id, title="Example Days")
        opening = make_session(session, event, hour=0, title="Opening", type="plenary")
        opening.visible, opening.state = True, "confirmed"
        make_registration(session, event, name="Zoë 李", language="de")
    for at in ("2027-03-01T14:00", "2027-04-28T09:00", "2027-05-04T18:00", "2027-05-04T18:01"):
        with clock.standing_at(vienna(at)):
            reminders.plan()
            post.drain()
    sent = mailbox()
    assert sorted(message["X-Event-Purpose"] for message in sent) == [
        "day_ahead",
        "practical_information",
        "registration_confirmed",
    ]
    by_purpose = {message["X-Event-Purpose"]: message for message in sent}
    confirmation = by_purpose["registration_confirmed"]
    assert confirmation["Subject"] == "Sie sind angemeldet: Example Days"
    assert confirmation["Content-Language"] == "de"
    kinds = [part.get_content_type() for part in confirmation.walk()]
    assert kinds.count("text/calendar") >= 1
    calendar = next(p for p in confirmation.walk() if p.get_content_type() == "text/calendar")
    assert calendar.get_param("method") == "PUBLISH"
    assert "SUMMARY:Opening" in calendar.get_payload(decode=True).decode()
    assert confirmation["List-Unsubscribe"] is None
    day = by_purpose["day_ahead"]
    assert day["List-Unsubscribe"] is not None
    text = day.get_body(("plain",)).get_content()
    assert "09:00–10:00  Opening" in text
    assert "Keine Erinnerungen mehr" in text
