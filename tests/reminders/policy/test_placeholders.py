"""Placeholders: a closed set, replaced once, as text (security.md rows 19 and 21)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsvc.core.text import markdown_html
from eventsvc.reminders.policy import PLACEHOLDERS, filled, filled_html, unknown_in

VALUES = {"name": "Robin", "private_link": "https://events.example.org/r#evl_x"}


@pytest.mark.threat(21)
@pytest.mark.parametrize(
    "text",
    ["{{7*7}}", "{% for x in y %}", "{{config}}", "${7*7}", "{name.__class__}", "{0}", "{nmae}"],
)
def test_other_braces_stay(text: str) -> None:
    assert filled(text, VALUES) == text


def test_values_stand_in_their_places() -> None:
    assert filled("Dear {name}, {name}!", VALUES) == "Dear Robin, Robin!"
    assert filled("At {place}.", VALUES) == "At ."


@pytest.mark.threat(21)
@given(st.text(), st.sampled_from(sorted(PLACEHOLDERS)))
def test_a_value_is_never_read_again(value: str, name: str) -> None:
    values = dict.fromkeys(PLACEHOLDERS, "x") | {name: value}
    assert filled("{" + name + "}", values) == value


@pytest.mark.threat(19)
@pytest.mark.parametrize(
    "name",
    [
        '<a href="https://bad.example.org">Robin</a>',
        "[Robin](https://bad.example.org)",
        "<https://bad.example.org>",
        '" onmouseover="x',
    ],
)
def test_a_name_is_no_markup_and_no_link(name: str) -> None:
    html = filled_html(markdown_html("Dear **{name}**,"), {"name": name})
    assert "<a" not in html
    assert "<p>Dear <strong>" in html
    assert '"' not in html


def test_our_own_link_can_be_followed() -> None:
    html = filled_html(markdown_html("Your page: {private_link}"), VALUES)
    assert '<a href="https://events.example.org/r#evl_x">https://events' in html


def test_slips_are_named() -> None:
    assert unknown_in("Dear {nmae}", "{{7*7}} {name} {where}") == ["nmae", "where"]
