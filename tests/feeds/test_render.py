"""The page of calendars has its words in every language."""

from __future__ import annotations

import pytest

from eventsvc.feeds.policy import LANGUAGES
from eventsvc.feeds.render import WORDS, subscribe_page

SHOWN = {
    "name": "Zoë 李",
    "page": "https://events.example.org/events/-/a",
    "address": "https://events.example.org/calendars/-/a.ics",
    "clients": [],
    "parts": [],
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_complete(language):
    assert WORDS[language].keys() == WORDS["en"].keys()
    page = subscribe_page({**SHOWN, "language": language})
    assert f"<title>{WORDS[language]['title']}: Zoë 李</title>" in page
    assert "<section" not in page  # nothing is offered that is not there
