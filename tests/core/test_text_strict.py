"""api.md §2 "no coercion", §14: the strict fields."""

from __future__ import annotations

import enum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventsvc.core import text
from eventsvc.core.text import (
    Boolean,
    Choice,
    Integer,
    Markdown,
    QueryBoolean,
    QueryInteger,
    Slug,
    Text,
    ValueRefused,
)

TEXT_FIELDS = [
    Text(), Text(multiline=True, min_length=0), Markdown(), Slug(), text.Email(), text.Instant(),
    text.WallTime(), text.Date(), text.Month(), text.Id(), text.CountryCode(), text.LanguageTag(),
    text.Zone(), text.Url(), Choice(["a", "b"]), QueryInteger(), QueryBoolean(),
    text.QueryChoice(["a"]),
]  # fmt: skip
FIELDS = [*TEXT_FIELDS, Integer(), Boolean(), text.Year()]


def refused(field, value):
    with pytest.raises(ValueRefused) as refusal:
        field.read(value)
    return refusal.value.code


@pytest.mark.parametrize("field", TEXT_FIELDS, ids=lambda field: type(field).__name__)
@pytest.mark.parametrize("value", [5, 5.0, True, [], ["a"], {}, b"a"], ids=repr)
def test_only_a_text_is_a_text(field, value):
    assert refused(field, value) in {"invalid-type", "invalid-boolean"}


@pytest.mark.parametrize("value", ["5", 5.0, True, False, "", [5], {}, 1e30], ids=repr)
def test_only_an_integer_is_an_integer(value):
    assert refused(Integer(), value) == "invalid-type"


def test_an_integer_has_bounds():
    assert [Integer(minimum=-1, maximum=1).read(n) for n in (-1, 0, 1)] == [-1, 0, 1]
    assert {refused(Integer(minimum=-1, maximum=1), n) for n in (-2, 2)} == {"out-of-range"}
    assert refused(Integer(), 2_147_483_648) == "out-of-range"


@pytest.mark.parametrize("value", [1, 0, 1.0, "yes", "true", "on", "", [], None], ids=repr)
def test_only_true_and_false_are_truth(value):
    assert refused(Boolean(), value) == "invalid-type"


@pytest.mark.parametrize(
    "value", ["+5", "1_0", "٥", "５", " 5", "5 ", "5\n", "5.0", "0x5", "-5", "", "9" * 20, "1e3"]
)
def test_a_number_in_a_query_is_plain_ascii_digits(value):
    assert refused(QueryInteger(), value) == "invalid-number"


def test_numbers_and_truth_in_a_query():
    assert QueryInteger(minimum=1, maximum=200).read("200") == 200
    assert QueryInteger(minimum=-5).read("-5") == -5
    assert refused(QueryInteger(minimum=1, maximum=200), "201") == "out-of-range"
    assert (QueryBoolean().read("true"), QueryBoolean().read("false")) == (True, False)
    assert {refused(QueryBoolean(), v) for v in ("True", "1", "yes", "", "true ")} == {
        "invalid-boolean"
    }


def test_a_text_has_a_length_after_normalising():
    assert Text(max_length=4).read(" Cafe\u0301 ") == "Café"
    assert refused(Text(max_length=4), "Cafés") == "too-long"
    assert refused(Text(max_length=4), "a" * 1000) == "too-long"
    assert refused(Text(min_length=2), "a ") == "too-short"
    assert Text(min_length=0).read("  ") == ""


@pytest.mark.parametrize("blank", ["", "   ", "\u200b", "\u00ad\u2060", "\u3000"])
def test_a_text_in_which_nothing_can_be_seen_is_too_short(blank):
    assert refused(Text(), blank) == "too-short"


@pytest.mark.threat(19)
def test_row_19_line_ends_are_refused_in_a_one_line_field_only():
    assert refused(Text(), "a\nb") == "invalid-character"
    assert Text(multiline=True).read("a\n\tb") == "a\n\tb"
    assert Markdown().read("# a\n\nb") == "# a\n\nb"


@pytest.mark.parametrize("slug", ["a", "0", "a-b", "a--b", "2027-valencia", "a" * 64])
def test_slugs(slug):
    assert Slug().read(slug) == slug


@pytest.mark.threat(27)
@pytest.mark.parametrize(
    "slug", ["", "-a", "a-", "A", "a_b", "a b", "é", "а", "a\u00ad", "a\u200b", "a\n", "a.b"]
)
def test_row_27_other_slugs_are_refused(slug):
    assert refused(Slug(), slug) == "invalid-slug"


def test_a_slug_has_at_most_64_characters():
    assert refused(Slug(), "a" * 65) == "too-long"


def test_a_choice_is_one_of_the_words():
    class Mode(enum.StrEnum):
        ON_SITE = "on_site"
        ONLINE = "online"

    field = Choice(Mode)
    assert field.values == ("on_site", "online")
    assert field.read("online") == "online"
    assert field.serialize("mode", {"mode": Mode.ONLINE}) == "online"
    assert field.serialize("mode", {"mode": None}) is None
    assert {refused(field, v) for v in ("ONLINE", "", "online ")} == {"not-a-choice"}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=60),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(), below, max_size=2),
    max_leaves=5,
)


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: type(field).__name__)
@settings(deadline=None)  # the machine is shared
@given(value=json_values)
def test_any_json_value_is_read_or_refused_with_a_code(field, value):
    try:
        read = field.read(value)
    except ValueRefused as refusal:
        assert refusal.code.replace("-", "").isalpha()  # noqa: PT017  not every text is refused
    else:
        assert read is not None
