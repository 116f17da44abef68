"""Announcements as letters: the organiser's words, safe, with each person's values."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from eventsvc.core.text import markdown_html
from eventsvc.events.models import Event
from eventsvc.post.policy import Letter
from eventsvc.post.render import render
from eventsvc.reminders import actions
from tests.factories.agenda import make_speaker
from tests.factories.events import ACTOR, NOW, make_venue
from tests.factories.registration import make_open_event, make_registration
from tests.post.queries.letters.support import ended, letter, written

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
