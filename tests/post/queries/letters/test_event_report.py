"""The letter of a report: the frozen figures, the page attached (reports.md §2.13)."""

from __future__ import annotations

from sqlalchemy import select

from eventsvc.mail.models import OutboxMessage
from eventsvc.post.policy import Ended, Letter
from eventsvc.post.queries.letters import LETTERS
from eventsvc.post.render import render
from eventsvc.reports import actions
from eventsvc.reports.models import Report
from tests.factories.events import ACTOR
from tests.factories.reports import AFTER, make_ended, make_figure


def message_of(session, organiser, **values) -> OutboxMessage:
    event = make_ended(session, organiser.id, **values)
    make_figure(session, event, value=6, source="closing speech")
    report = actions.open_revision(session, ACTOR, event.id, now=AFTER)
    actions.write(session, ACTOR, report, now=AFTER)
    wanted = select(OutboxMessage).where(OutboxMessage.purpose == "event_report")
    return session.scalars(wanted.order_by(OutboxMessage.id)).first()


def test_it_says_the_frozen_figures_and_brings_the_page(session, organiser):
    message = message_of(session, organiser, languages=["de"])
    letter = LETTERS["event_report"](session, message, AFTER)
    assert isinstance(letter, Letter)
    words = render(letter.template, message.locale, {**letter.context, "unsubscribe_url": None})
    assert words.locale == "de"
    assert "mehr als 6" in words.text
    assert "Gezählt: 8" in words.text
    assert "/report-revisions/1?language=de" in words.text
    assert "Entwurf" in words.text
    assert letter.list_name == "reports"
    (page,) = letter.attachments
    assert page.media_type == "text/html"
    assert b'<html lang="de">' in page.body


def test_a_released_report_is_no_draft(session, organiser):
    message = message_of(session, organiser)
    session.get_one(Report, message.payload["report_id"]).state = "released"
    letter = LETTERS["event_report"](session, message, AFTER)
    words = render(letter.template, "en", {**letter.context, "unsubscribe_url": None})
    assert "draft" not in words.text


def test_without_its_report_it_is_not_sent(session, organiser):
    message = message_of(session, organiser)
    message.payload = {"report_id": "00000000-0000-4000-8000-000000000000"}
    assert isinstance(LETTERS["event_report"](session, message, AFTER), Ended)
