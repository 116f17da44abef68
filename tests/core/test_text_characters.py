"""api.md §1 "Text", security.md rows 19, 22, 27."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventsvc.core.text import ValueRefused, normalise, search_key

FORBIDDEN = [
    *(chr(code) for code in range(0x20)),
    "\x7f",
    "\ud800",
    "\udfff",
    *(chr(code) for code in range(0x202A, 0x202F)),
    *(chr(code) for code in range(0x2066, 0x206A)),
]


@pytest.mark.parametrize("character", FORBIDDEN, ids=lambda c: f"U+{ord(c):04X}")
@pytest.mark.parametrize("place", ["{}a", "a{}b", "a{}"])
def test_forbidden_characters_are_refused_wherever_they_stand(character, place):
    with pytest.raises(ValueRefused) as refusal:
        normalise(place.format(character))
    assert refusal.value.code == "invalid-character"


def test_only_line_feed_and_tab_are_added_by_multiline():
    allowed = []
    for character in FORBIDDEN:
        try:
            normalise(f"a{character}b", multiline=True)
        except ValueRefused:
            continue
        allowed.append(character)
    assert allowed == ["\t", "\n"]


@pytest.mark.threat(19)
def test_row_19_a_header_cannot_be_injected_in_a_one_line_text():
    with pytest.raises(ValueRefused, match="U\\+000D"):
        normalise("Anna\r\nBcc: all@example.org")


@pytest.mark.threat(22)
def test_row_22_nul_and_surrogates_are_refused():
    for text in ("a\0b", "\ud800"):
        with pytest.raises(ValueRefused):
            normalise(text)


def test_text_is_composed_and_trimmed():
    assert normalise("\u00a0 Cafe\u0301  ") == "Café"


def test_runs_of_combining_marks_are_refused_because_they_take_quadratic_time():
    assert normalise("a" + "\u0301" * 30)
    with pytest.raises(ValueRefused) as refusal:
        normalise("a" + "\u0301" * 31)
    assert refusal.value.code == "invalid-character"


@settings(deadline=None)  # the machine is shared
@given(st.text(max_size=200))
def test_what_passes_is_in_nfc_trimmed_and_stays_as_it_is(text):
    try:
        clean = normalise(text, multiline=True)
    except ValueRefused as refusal:
        assert refusal.code == "invalid-character"  # noqa: PT017  not every text is refused
        return
    assert unicodedata.is_normalized("NFC", clean)
    assert clean == clean.strip()
    assert normalise(clean, multiline=True) == clean
    clean.encode("utf-8")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Šermukšnytė", "Sermuksnyte"),
        ("Łódź", "LODZ"),
        ("Straße", "strasse"),
        ("Jørgen  Ærø", "jorgen aero"),
        ("O’Brien", "o'brien"),
        ("Ｆｕｌｌ", "full"),
        ("zero\u200bwidth", "zerowidth"),
        ("Baden–Württemberg", "Baden-Wurttemberg"),
        ("İstanbul", "istanbul"),
    ],
)
def test_names_meet_whatever_their_accents_and_case(one, other):
    assert search_key(one) == search_key(other)


def test_different_names_stay_apart():
    assert len({search_key(name) for name in ("Muster", "Master", "Müster AG", "")}) == 4


@settings(deadline=None)  # the machine is shared
@given(st.text(max_size=100))
def test_a_search_key_is_its_own_search_key(text):
    key = search_key(text)
    assert search_key(key) == key
