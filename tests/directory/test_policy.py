"""When two names look alike, and what a target may be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsvc.directory import policy

LETTERS = "abcdefghij -"
names = st.text(alphabet=LETTERS, min_size=1, max_size=24)


@pytest.mark.parametrize(
    ("printed", "key"),
    [
        ("Dr. Jan-Philipp Kramer", "jan-philipp kramer"),
        ("Kristina Šermukšnytė-Alešiūnienė", "kristina sermuksnyte-alesiuniene"),
        ("Veerle De Graef", "veerle de graef"),
        ("Prof. Dr.-Ing. habil. Eva Muster", "eva muster"),
        ("Prof.Dr. Eva Muster", "eva muster"),
        ("Dr. rer. nat. Eva Muster", "eva muster"),
        ("Dr. h.c. Eva Muster, MBA", "eva muster"),
        ("Eva Muster, Ph.D.", "eva muster"),
        ("Ing Wong", "ing wong"),
        ("Ing. Eva Wong", "eva wong"),
        ("Mag Muster", "mag muster"),
        ("Dr.", "dr."),
    ],
)
def test_the_key_of_a_person_has_no_accents_and_no_titles(printed, key):
    assert policy.person_key(printed) == key


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("jan-philipp kramer", "jan-philippe kramer", True),
        ("jan-philipp kramer", "jan philipp kramer", True),
        ("eva muster", "eva mustre", False),
        ("eva muster", "eva mister", True),
        ("ana", "anna", False),
        ("arena 2036", "arena 2037", False),
        ("cool silicon", "hot silicon", False),
    ],
)
def test_names_of_one_or_two_other_letters_look_alike(one, other, alike):
    assert policy.nearly_equal(one, other) is alike
    assert policy.nearly_equal(other, one) is alike


def slow_distance(one: str, other: str) -> int:
    if not one or not other:
        return len(one) + len(other)
    if one[0] == other[0]:
        return slow_distance(one[1:], other[1:])
    return 1 + min(
        slow_distance(one[1:], other),
        slow_distance(one, other[1:]),
        slow_distance(one[1:], other[1:]),
    )


@given(st.text(alphabet="ab", max_size=6), st.text(alphabet="ab", max_size=6), st.integers(0, 3))
def test_the_edit_distance_is_exact_up_to_its_limit(one, other, limit):
    expected = min(slow_distance(one, other), limit + 1)
    assert policy.edit_distance(one, other, at_most=limit) == expected


@st.composite
def near_pairs(draw):
    """A name and the same with up to two letters changed."""
    one = draw(names)
    other = list(one)
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(other)))
        change = draw(st.sampled_from(["insert", "delete", "replace"]))
        if change == "insert":
            other.insert(at, draw(st.sampled_from(LETTERS)))
        elif at < len(other) and change == "delete":
            del other[at]
        elif at < len(other):
            other[at] = draw(st.sampled_from(LETTERS))
    return one, "".join(other)


@given(near_pairs())
def test_every_look_alike_holds_a_piece_of_the_name(pair):
    one, other = pair
    assert "".join(policy.pieces(one)) == one
    if other and policy.nearly_equal(one, other):
        assert any(piece in other for piece in policy.pieces(one))


def test_a_target_is_a_country_or_a_region_and_comes_once():
    errors = policy.check_targets(
        [
            {"phase": "concept", "country": "JP"},
            {"phase": "concept"},
            {"phase": "concept", "country": "JP"},
            {"phase": "implementation", "country": "JP"},
            {"phase": "concept", "country": "SG", "region": "Asia-Pacific"},
            {"phase": "concept", "region": "Asia-Pacific"},
        ]
    )
    assert [(error.pointer, error.code) for error in errors] == [
        ("/targets/1", "country-or-region"),
        ("/targets/2", "duplicate-item"),
        ("/targets/4", "country-or-region"),
    ]


@pytest.mark.parametrize(
    ("operator", "expected"), [("=", "126"), (">", ">126"), ("≥", "≥126"), ("~", "~126")]
)
def test_the_notation_joins_operator_and_number(operator, expected):
    assert policy.notation(operator, 126) == expected


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("BioRN Network e.V", "biorn-network-e-v"),
        ("Ö", "o"),
        ("中文", "entry"),
        ("x" * 80, "x" * 50),
        ("Łódź & Co.", "lodz-co"),
    ],
)
def test_a_slug_is_made_from_the_name(name, slug):
    assert policy.slug_from(name) == slug
