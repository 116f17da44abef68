"""What a notice says, and in which language somebody is shown something."""

from __future__ import annotations

import pytest

from eventsvc.core.errors import Invalid
from eventsvc.events.policy import language_shown, notice_content


@pytest.mark.parametrize(
    ("known", "wanted", "event_languages", "shown"),
    [
        (["de", "en"], "de", [], "de"),
        (["de", "en"], "de-AT", [], "de"),
        (["de-AT", "en"], "de", [], "de-AT"),
        (["de", "en"], "fr", ["de"], "de"),
        (["de", "en"], None, [], "en"),
        (["it"], "fr", ["de"], "it"),
        ([], "fr", ["de"], None),
    ],
)
def test_the_reader_comes_first_then_the_event(known, wanted, event_languages, shown):
    assert language_shown(known, wanted, event_languages=event_languages) == shown


def test_null_clears_and_the_authority_must_follow_from_something():
    known = {"regulation": "eu_2016_679", "supervisory_authority": "A", "record_number": "1"}
    assert "record_number" not in notice_content(known, {"record_number": None})
    with pytest.raises(Invalid):
        notice_content(known, {"supervisory_authority": None})
    moved = notice_content(known, {"supervisory_authority": None, "regulation": "eu_2018_1725"})
    assert "EDPS" in moved["supervisory_authority"]
