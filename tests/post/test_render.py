"""From template and values to words (delivery.md §8)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from jinja2 import UndefinedError

from eventsvc.post.render import render
from tests.post.support import TEMPLATES

VALUES = {"name": "O'Brien <b>", "unsubscribe_url": None}


def test_values_are_escaped_in_html_and_not_in_text() -> None:
    words = render("example", "en", VALUES, folder=TEMPLATES)
    assert words.subject == "Hello O'Brien <b>"
    assert words.text == "Dear O'Brien <b>,\n"
    assert "<b>" not in words.html
    assert "O&#39;Brien &lt;b&gt;" in words.html


def test_nothing_is_fetched_when_a_mail_is_opened() -> None:
    html = render("example", "en", VALUES, folder=TEMPLATES).html
    assert "fonts.googleapis" not in html
    assert "<script" not in html
    assert "<img" not in html


@pytest.mark.parametrize(
    ("locale", "spoken", "greeting"),
    [("de", "de", "Guten Tag"), ("de-AT", "de", "Guten Tag"), ("fr", "fr", "Bonjour"),
     ("en", "en", "Dear"), ("pl", "en", "Dear")],
)  # fmt: skip
def test_languages(locale: str, spoken: str, greeting: str) -> None:
    words = render("example", locale, VALUES, folder=TEMPLATES)
    assert words.locale == spoken
    assert words.text.startswith(greeting)
    assert greeting in words.html


def test_a_missing_sentence_makes_the_whole_message_english() -> None:
    values = {**VALUES, "unsubscribe_url": "https://events.example.org/u/x"}
    assert render("example", "de", values, folder=TEMPLATES).text.startswith("Guten Tag")
    french = render("example", "fr", values, folder=TEMPLATES)  # lacks "Stop"
    assert french.locale == "en"
    assert "Bonjour" not in french.text + french.html


def test_times_name_their_zone_in_the_language() -> None:
    values = {**VALUES, "when": datetime(2027, 5, 5, 7, 0, tzinfo=UTC)}
    english = render("example", "en", values, folder=TEMPLATES).text
    german = render("example", "de", values, folder=TEMPLATES).text
    assert "5 May 2027, 09:00 (Central European Summer Time)" in english
    assert "5. Mai 2027, 09:00 (Mitteleuropäische Sommerzeit)" in german


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        render("example", "en", {}, folder=TEMPLATES)
