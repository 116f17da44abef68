"""Identifiers, codes and tokens (security.md row 9)."""

from hypothesis import given
from hypothesis import strategies as st

from eventsvc.core import ids


def test_ids_are_canonical():
    assert ids.is_id(ids.new_id())


@given(st.text())
def test_nothing_else_is_an_id(text: str):
    assert not ids.is_id(text) or ids.is_id(text.lower())


def test_other_spellings_of_a_uuid_are_not_ids():
    own = ids.new_id()
    for spelling in (
        own.upper(),
        f"{{{own}}}",
        f"urn:uuid:{own}",
        own.replace("-", ""),
        own + "\n",
    ):
        assert not ids.is_id(spelling)


def test_codes_have_no_look_alikes():
    code = ids.new_code()
    assert len(code) == 10
    assert not set(code) & set("01OIAEU")


def test_a_token_knows_its_kind_and_a_typing_error():
    token = ids.new_token("evt")
    assert ids.token_kind(token) == "evt"
    swapped = token[:10] + ("x" if token[10] != "x" else "y") + token[11:]
    assert ids.token_kind(swapped) is None
    assert ids.token_kind("") is None
    assert ids.token_kind("evt_short") is None


def test_a_derived_token_is_made_again_from_its_label_alone():
    first = ids.derived_token("evl", "secret", "registration:1")
    assert first == ids.derived_token("evl", "secret", "registration:1")
    others = {
        ids.derived_token("evc", "secret", "registration:1"),
        ids.derived_token("evl", "other", "registration:1"),
        ids.derived_token("evl", "secret", "registration:2"),
    }
    assert first not in others
    assert len(others) == 3
    assert ids.token_kind(first) == "evl"
