"""Announcements as letters: the organiser's words, safe, with each person's values."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from eventsvc.accounts.models import Organiser
from eventsvc.agenda.actions import Surroundings
from eventsvc.core.text import markdown_html
from eventsvc.events.models import Event
from eventsvc.post.policy import Letter
from eventsvc.post.queries.letters.announcement import Reader, announced
from eventsvc.post.render import render
from eventsvc.reminders import actions
from tests.core.test_text_markdown import PAYLOADS, live_markup
from tests.factories.agenda import make_speaker
from tests.factories.events import ACTOR, NOW, make_venue
from tests.factories.registration import make_open_event, make_registration
from tests.post.queries.letters.support import ended, letter, written

NOBODY = "00000000-0000-0000-0000-000000000000"
BODY = (
    "Dear {name},\n\n**{event}** is on {starts}, at {place}. {{7*7}} stays.\n\n"
    "<script>alert(1)</script> [bad](javascript:alert(1))\n\nYour page: {private_link} ({code})"
)
NAME = '<a href="https://bad.example.org">O\'Brien</a>'


@pytest.fixture
def event(session: Session, organiser) -> Event:  # type: ignore[no-untyped-def]
    made = make_open_event(session, organiser.id, title="Clusters & Regions", mode="hybrid")
    make_venue(session, made)
    return made


def announce(session: Session, event: Event, body: str = BODY, **audience):  # type: ignore[no-untyped-def]
    texts = [{"language": "de", "subject": "Für {name}: {private_link}", "body": body}]
    values = {"title": "News", "texts": texts, "audience": audience}
    made = actions.add_announcement(session, ACTOR, event, values, now=NOW)
    actions.transition_announcement(session, ACTOR, event, made, "sending", now=NOW)
    while actions.announce(session, now=NOW, limit=100):
        pass
    return made


@pytest.mark.threat(18)
@pytest.mark.threat(19)
@pytest.mark.threat(21)
def test_words_and_values(session: Session, event: Event) -> None:
    guest = make_registration(session, event, name=NAME)
    announce(session, event)
    mail = written(session, "announcement", NOW)
    assert mail.locale == "de"
    assert mail.subject == f"Für {NAME}:"
    assert f"Dear {NAME}," in mail.text
    assert "{{7*7}} stays." in mail.text
    assert "Mittwoch, 5. Mai 2027" in mail.text
    assert "Example Hall" in mail.text
    assert "http://localhost/r#evl_" in mail.text
    assert f"({guest.code})" in mail.text
    assert "<script" not in mail.html
    assert 'href="javascript' not in mail.html
    assert 'href="https://bad' not in mail.html
    assert 'href="http://localhost/r#evl_' in mail.html
    assert "<strong>Clusters &amp; Regions</strong>" in mail.html


@pytest.mark.threat(18)
@pytest.mark.parametrize(
    "body",
    [
        "# One\n\n- a\n- b\n\n1. c\n\n> d\n\n`e`  \nf\n\n---\n\n***g***",
        "<br><img src=x onerror=alert(1)>",
        "a < b && c > d \" ' &amp; &lt;b&gt;",
        "<mj-text>x</mj-text></mj-text><mj-raw><script>1</script></mj-raw>",
        "[x](https://ok.example.org/?a=1&b=2)",
    ],
)
def test_any_markdown_makes_a_mail(session: Session, event: Event, body: str) -> None:
    make_registration(session, event)
    announce(session, event, body)
    mail = written(session, "announcement", NOW)
    assert "<script" not in mail.html
    assert "<img" not in mail.html
    first = markdown_html(body).partition("</")[0].rpartition(">")[2]
    assert first in mail.html


@pytest.mark.threat(18)
@pytest.mark.parametrize("payload", PAYLOADS)
def test_row_18_no_live_markup_in_mails(payload: str) -> None:
    body = f"Dear {{name}},\n\n{payload}"
    text = {"language": "en", "subject": "News", "body": body}
    event = Event(title="Example event", timezone="Europe/Vienna", id=NOBODY)
    around = Surroundings(
        event, Organiser(name="Example", email="e@example.org"), "-", (), None, ""
    )
    html = str(announced(event, around, text, Reader(name=payload)).context["html"])
    assert live_markup(html) == []


def test_a_placeholder_is_never_read_inside_a_link(session: Session, event: Event) -> None:
    make_registration(session, event, name='x" onclick="alert(1)')
    announce(session, event, "[a](https://ok.example.org/?n={name}) [b]({private_link})")
    html = written(session, "announcement", NOW).html
    assert 'onclick="' not in html, "only as text, escaped"
    assert "evl_" not in html, "a private link stands in no foreign address"


def test_a_language_that_we_do_not_speak(session: Session, event: Event) -> None:
    make_registration(session, event, language="it")
    texts = [{"language": "it", "subject": "Novità", "body": "Ciao {name}: {starts}"}]
    values = {"title": "News", "texts": texts}
    made = actions.add_announcement(session, ACTOR, event, values, now=NOW)
    actions.transition_announcement(session, ACTOR, event, made, "sending", now=NOW)
    assert actions.announce(session, now=NOW, limit=10)
    found = letter(session, "announcement", NOW)
    assert isinstance(found, Letter)
    assert found.language == "it"
    mail = written(session, "announcement", NOW)
    assert "mercoledì 5 maggio 2027" in mail.text
    assert "You get this message because you take part" in mail.text


def test_its_list_is_its_own(session: Session, event: Event) -> None:
    make_registration(session, event)
    announce(session, event)
    found = letter(session, "announcement", NOW)
    assert isinstance(found, Letter)
    assert found.list_name == "announcements"
    assert found.unsubscribe_scope == f"event:{event.id}:announcement"


def test_online_guests_are_sent_to_no_place(session: Session, event: Event) -> None:
    make_registration(session, event, mode="online")
    announce(session, event, "At [{place}]")
    assert "At []" in written(session, "announcement", NOW).text


def test_a_speaker_who_is_no_guest_gets_it_without_a_link(session: Session, event: Event) -> None:
    guest = make_registration(session, event)
    role = make_speaker(session, event, None)
    guest.participant.person_id = role.person_id
    session.flush()
    announce(session, event, speakers="only")
    found = letter(session, "announcement", NOW)
    assert isinstance(found, Letter)
    assert render("announcement", "en", {**found.context, "unsubscribe_url": None}).text


def test_what_was_cancelled_is_not_sent(session: Session, event: Event) -> None:
    make_registration(session, event)
    made = announce(session, event)
    made.state = "cancelled"
    session.flush()
    assert ended(session, "announcement", NOW) == ("cancelled", "announcement cancelled")
