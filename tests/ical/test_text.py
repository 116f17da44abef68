"""Cleaning, escaping, cutting and folding (calendar.md §5)."""

from __future__ import annotations

import itertools
import unicodedata

import icalendar
import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st

from eventsvc.ical.text import (
    cleaned,
    clusters,
    escaped,
    folded,
    one_line,
    parameter,
    shortened,
    unfolded,
    uri,
)

FAMILY = "👩‍👩‍👧‍👦"
FLAG = "🇩🇪"
WAVE = "👋🏽"
TEXTS = st.text(
    st.one_of(st.characters(), st.sampled_from([*'\\;,:"\n\t \r', "\u0301", "\u200d", "🇩", "👩"])),
    max_size=300,
)


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_rule_34_folding_is_undone_by_unfolding(value):
    line = "DESCRIPTION:" + escaped(value)
    text = folded(line)
    assert unfolded(text) == line + "\r\n"
    rows = text.encode().removesuffix(b"\r\n").split(b"\r\n")
    assert all(len(row) <= 75 for row in rows)
    for row, after in itertools.pairwise(rows):
        row.decode()  # never inside a UTF-8 sequence
        assert not row.endswith(b"\\")
        assert after.startswith(b" ")


@given(st.lists(st.sampled_from([FAMILY, FLAG, WAVE, "e\u0323\u0302", "a", "\\"]), max_size=60))
@settings(max_examples=200, deadline=None)
def test_rule_34_graphemes_stay_whole(graphemes):
    """Backslashes come in pairs, as after escaping; they cling to what follows."""
    line = "SUMMARY:" + "".join("\\\\" if part == "\\" else part for part in graphemes)
    rows = folded(line).removesuffix("\r\n").split("\r\n ")
    assert [part for row in rows for part in clusters(row)] == list(clusters(line))


def test_rule_34_what_is_longer_than_a_line_is_broken_all_the_same():
    for line in ("A:" + "\\\\" * 200, "A:e" + "\u0301" * 200, "A:" + "\\n" * 200):
        rows = folded(line).encode().removesuffix(b"\r\n").split(b"\r\n")
        assert all(len(row) <= 75 for row in rows)
        assert unfolded(folded(line)) == line + "\r\n"


def test_rule_34_a_line_of_75_octets_is_left_alone():
    assert folded("x" * 75) == "x" * 75 + "\r\n"
    assert folded("x" * 76) == "x" * 75 + "\r\n x\r\n"
    assert folded("ü" * 38) == "ü" * 37 + "\r\n ü\r\n"


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_rule_35_icalendar_reads_what_was_written(value):
    text = folded("BEGIN:VEVENT") + folded("SUMMARY:" + escaped(value)) + folded("END:VEVENT")
    event = icalendar.Event.from_ical(text)
    assert str(event["SUMMARY"]) == cleaned(value)


@given(TEXTS)
@settings(max_examples=100, deadline=None)
def test_rule_35_vobject_reads_what_was_written(value):
    lines = ["BEGIN:VCALENDAR", "BEGIN:VEVENT", "SUMMARY:" + escaped(value)]
    text = "".join(map(folded, [*lines, "END:VEVENT", "END:VCALENDAR"]))
    assert vobject.readOne(text).vevent.summary.value == cleaned(value)


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_rule_33_cleaned_text_is_nfc_without_controls(value):
    text = cleaned(value)
    assert text == unicodedata.normalize("NFC", text) == cleaned(text)
    assert not {char for char in text if unicodedata.category(char) in ("Cc", "Cs")} - {"\n"}
    assert not set("\u2028\u2029\ufeff") & set(text)


def test_rule_33_line_ends_and_tabs():
    assert cleaned("a\r\nb\rc\x85d\u2028e\tf\x00g\ufeff\ud800") == "a\nb\nc\nd\ne fg"
    assert one_line("  a\n\tb  c ") == "a b c"


def test_rule_35_the_four_escapes_once():
    assert escaped("a\\b;c,d\ne:f") == "a\\\\b\\;c\\,d\\ne:f"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("IWRC 2027", "IWRC 2027"),
        ("Land, Stadt: Fluss; Meer", '"Land, Stadt: Fluss; Meer"'),
        ('The "Elbe"\nForum', "The 'Elbe' Forum"),
    ],
)
def test_rule_35_parameters(value, written):
    assert parameter(value) == written


def test_uris_are_not_escaped():
    assert uri(" https://example.org/a,b;c d\n") == "https://example.org/a,b;c%20d"


@given(TEXTS, st.integers(1, 50))
@settings(max_examples=200, deadline=None)
def test_rules_23_and_24_cut_texts_keep_their_limit(value, limit):
    short = shortened(value, limit)
    assert len(short) <= limit
    assert (short == value) == (len(value) <= limit)
    if short != value:
        assert short.endswith("…")
        assert value.startswith(short[:-1])


def test_rules_23_and_24_a_grapheme_is_never_cut():
    assert shortened("ab" + FAMILY, 8) == "ab…"
    assert shortened(FLAG * 3, 4) == FLAG + "…"
    assert list(clusters(f"{WAVE}{FLAG}{FLAG}e\u0323!")) == [WAVE, FLAG, FLAG, "e\u0323", "!"]
    assert shortened("abc", 0) == ""
