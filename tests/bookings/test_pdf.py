"""Words and boxes of the printed passenger list."""

from __future__ import annotations

import io
from datetime import UTC, datetime

from pypdf import PdfReader

from eventsvc.bookings.pdf import WORDS, PrintedLoad, manifest

AT = datetime(2027, 4, 1, tzinfo=UTC)


def test_every_language_has_every_word():
    assert {frozenset(words) for words in WORDS.values()} == {frozenset(WORDS["en"])}


def test_those_without_a_bus_and_nobody_at_all():
    load = PrintedLoad(None, None, None, (), [("Ada Example", None, None, True)])
    for language, words in WORDS.items():
        text = PdfReader(io.BytesIO(manifest("Works", "", [load], language, at=AT))).pages[0]
        assert words["no_bus"] in text.extract_text()
        empty = PdfReader(io.BytesIO(manifest("Works", "", [], language, at=AT))).pages[0]
        assert words["empty"] in " ".join(empty.extract_text().split())
