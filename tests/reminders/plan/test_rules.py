"""Rules of reminders: what may be set, and what they come to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsvc.core.errors import Invalid
from eventsvc.reminders.plan import (
    DAY_AHEAD,
    DAY_S,
    DEFAULT_OFFSETS,
    PRACTICAL,
    PURPOSES,
    STARTING_SOON,
    ItemOffsets,
    Rules,
    check_rule,
    default_id,
    is_default,
    rules_in_force,
)


@pytest.mark.parametrize(
    ("purpose", "offset_s", "item_id"),
    [
        (PRACTICAL, DAY_S, None),
        (PRACTICAL, 60 * DAY_S, None),
        (DAY_AHEAD, DAY_S, None),
        (STARTING_SOON, 300, None),
        (STARTING_SOON, 21_600, "item"),
    ],
)
def test_rules_that_may_be(purpose: str, offset_s: int, item_id: str | None) -> None:
    check_rule(purpose, offset_s, item_id=item_id)


@pytest.mark.parametrize(
    ("purpose", "offset_s", "item_id", "pointer"),
    [
        (PRACTICAL, DAY_S - 60, None, "/offset_s"),
        (PRACTICAL, 3 * DAY_S + 60, None, "/offset_s"),
        (PRACTICAL, 61 * DAY_S, None, "/offset_s"),
        (DAY_AHEAD, 2 * DAY_S, None, "/offset_s"),
        (STARTING_SOON, 240, None, "/offset_s"),
        (STARTING_SOON, 330, None, "/offset_s"),
        (STARTING_SOON, 21_660, None, "/offset_s"),
        (PRACTICAL, DAY_S, "item", "/item_id"),
    ],
)
def test_rules_that_may_not(purpose: str, offset_s: int, item_id: str | None, pointer: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_rule(purpose, offset_s, item_id=item_id)
    assert [error.pointer for error in refused.value.errors] == [pointer]


def test_the_defaults_are_rules_that_may_be() -> None:
    for purpose, offsets in DEFAULT_OFFSETS.items():
        for offset_s in offsets:
            check_rule(purpose, offset_s, item_id=None)
            assert is_default(purpose, offset_s, None)
            assert not is_default(purpose, offset_s, "item")


def test_each_event_has_its_own_ids_of_defaults() -> None:
    ids = {default_id(event, purpose, 1) for event in ("a", "b") for purpose in PURPOSES}
    assert len(ids) == 6
    assert default_id("a", PRACTICAL, 1) in ids


def test_what_rules_come_to() -> None:
    rules = rules_in_force(
        [
            (PRACTICAL, None, 7 * DAY_S, False),
            (PRACTICAL, None, 3 * DAY_S, True),
            (STARTING_SOON, "item", 900, True),
            (STARTING_SOON, "item", 3_600, False),
        ]
    )
    assert rules.offsets[PRACTICAL] == {3 * DAY_S}
    assert rules.offsets[DAY_AHEAD] == {DAY_S}
    assert rules.items == {"item": ItemOffsets(frozenset({900}), frozenset({3_600}))}
    assert rules.longest == 3 * DAY_S
    assert Rules().longest == 7 * DAY_S


OFFSETS = st.integers(1, 10).map(lambda hours: hours * 3_600)


@given(st.dictionaries(st.tuples(st.sampled_from(PURPOSES), OFFSETS), st.booleans()))
def test_a_rule_says_the_last_word_on_its_offset(given_rules: dict[tuple[str, int], bool]) -> None:
    rules = rules_in_force((purpose, None, o, on) for (purpose, o), on in given_rules.items())
    for (purpose, offset_s), on in given_rules.items():
        assert (offset_s in rules.offsets[purpose]) is on
    for purpose, offsets in DEFAULT_OFFSETS.items():
        untouched = {o for o in offsets if (purpose, o) not in given_rules}
        assert untouched <= set(rules.offsets[purpose])
