"""Rule 7: what feeds are called, and their colour."""

from __future__ import annotations

import pytest

from eventsvc.feeds.policy import (
    color_of,
    event_about,
    language_of,
    personal_about,
    series_about,
    split_note,
)


@pytest.mark.parametrize(
    ("wished", "language"),
    [(("de-AT", "en"), "de"), (("pl", "fr"), "fr"), (("pl",), "en"), ((None, ""), "en")],
)
def test_language(wished, language):
    assert language_of(*wished) == language


@pytest.mark.parametrize(
    ("wished", "color"),
    [
        (("Teal",), "teal"),
        (("#005aa0", "navy"), "navy"),
        (("blurple",), "steelblue"),
        ((None,), "steelblue"),
    ],
)
def test_rule_7_only_css3_names(wished, color):
    assert color_of(*wished) == color


def test_texts():
    assert event_about(None, ["en"]) == "Full agenda"
    assert event_about("Wasser", ["de"]) == "Gesamtes Programm: Wasser"
    assert series_about(["fr"]) == "Toutes les éditions"
    assert personal_about(["de"]) == "Mein Programm"
    assert "https://x.example/page" in split_note("https://x.example/page", ["en"])
