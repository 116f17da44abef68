"""api.md §1 "E-mail", security.md row 27."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventsvc.core.text import ValueRefused, clean_email, email_key, is_suspicious_email


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (" Anna.Muster@Example.ORG ", "Anna.Muster@example.org"),
        ("anna@BÜCHER.example", "anna@xn--bcher-kva.example"),
        ("anna@straße.example", "anna@xn--strae-oqa.example"),
        ("o'brien+cmr@example.org", "o'brien+cmr@example.org"),
        ("josé@example.org", "josé@example.org"),
        ("anna@clusters.test", "anna@clusters.test"),
    ],
)
def test_an_address_is_trimmed_with_its_domain_in_lower_case_idna(typed, stored):
    assert clean_email(typed) == stored
    assert email_key(typed) == email_key(stored)


@pytest.mark.threat(27)
@pytest.mark.parametrize(
    "look_alike",
    [
        "ａｎｎａ@example.org",
        "anna@ｅｘａｍｐｌｅ.org",
        "anna@example。org",
        "anna@example｡org",
        "anna@example．org",
        "ANNA@EXAMPLE.ORG",
        "𝐚𝐧𝐧𝐚@example.org",
        "ⓐnna@example.org",
        "an\u00adna@example.org",
        "an\u200bna@example.org",
        "anna@exam\u200bple.org",
        "\ufeffanna@example.org",
        "anna\u2060@example.org",
        "anna\u200d@example.org",
        "anna＠example.org",
        "anna﹫example.org",
        "anna\u202e@example.org",
        "anna\r\nBcc: all@example.org",
        "anna\0@example.org",
        "\ud800@example.org",
    ],
)
def test_row_27_a_look_alike_meets_the_same_key_or_is_refused(look_alike):
    try:
        stored = clean_email(look_alike)
    except ValueRefused as refusal:
        assert refusal.code in {"invalid-character", "invalid-email"}  # noqa: PT017  not every text is refused
    else:
        assert email_key(stored) == "anna@example.org"


@pytest.mark.parametrize(
    "typed",
    ["", "anna", "anna@", "@example.org", "a@b", "a..b@example.org", "a b@example.org",
     "a@b@example.org", "anna@[127.0.0.1]", '"a b"@example.org', "a@-x.org", "a@x..org",
     "Anna <anna@example.org>", "anna@example.org,b@example.org"],
)  # fmt: skip
def test_what_is_no_address_is_refused(typed):
    with pytest.raises(ValueRefused) as refusal:
        clean_email(typed)
    assert refusal.value.code == "invalid-email"


def test_an_address_has_at_most_254_characters():
    labels = ".".join(["a" * 60] * 3)
    assert len(clean_email(f"{'x' * 60}@{labels}.example")) < 254
    for typed in ("x" * 600 + "@example.org", f"{'x' * 60}@{labels}.{'b' * 20}.example"):
        with pytest.raises(ValueRefused):
            clean_email(typed)


@pytest.mark.parametrize(
    ("address", "flagged"),
    [
        ("anna@example.org", False),
        ("josé@example.org", False),
        ("anna.1990_x@example.org", False),
        ("аnna@example.org", True),  # Cyrillic а
        ("анна@example.org", False),
        ("αnna@example.org", True),
        ("ａｎｎａ@example.org", False),
        ("山田たろう@example.org", False),
    ],
)
def test_a_local_part_of_several_scripts_is_suspicious(address, flagged):
    assert is_suspicious_email(address) is flagged


@settings(deadline=None)  # the machine is shared
@given(st.text(max_size=80))
def test_a_key_is_its_own_key_and_never_raises(text):
    key = email_key(text + "@Example.org")
    assert email_key(key) == key
    assert is_suspicious_email(text) in {True, False}


@settings(deadline=None)  # the machine is shared
@given(st.emails())
def test_cleaning_twice_changes_nothing_and_keeps_the_key(address):
    try:
        stored = clean_email(address)
    except ValueRefused:
        return
    assert clean_email(stored) == stored
    assert email_key(address) == email_key(stored)
