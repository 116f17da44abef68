"""Bounds, small cells, words and the gate of reports."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsvc.core.errors import Conflict, TransitionNotAllowed
from eventsvc.reports.policy import (
    FEW,
    HELD_BACK,
    SHOWN,
    Bound,
    check_reportable,
    check_step,
    difference,
    eu_members,
    figure_in,
    guarded,
    holds,
    is_due,
    kind_of,
    language_of,
    releases_itself,
    total,
)

NUMBERS = st.integers(min_value=0, max_value=10_000)
OPERATORS = st.sampled_from("=>≥<~")
FIGURES = st.builds(Bound, OPERATORS, NUMBERS)
NOW = datetime(2027, 5, 6, 16, 0, tzinfo=UTC)


def test_more_than_70_and_more_than_120_are_more_than_190():
    assert total([Bound(">", 70), Bound(">", 120)]) == Bound(">", 190)


@pytest.mark.parametrize(
    ("figures", "sum_of_them"),
    [
        ([], None),
        ([Bound("~", 700)], Bound("~", 700)),
        ([Bound("=", 1), Bound("=", 2)], Bound("=", 3)),
        ([Bound("=", 10), Bound("≥", 5)], Bound("≥", 15)),
        ([Bound("≥", 10), Bound(">", 5)], Bound(">", 15)),
        ([Bound("=", 10), Bound("<", 5)], Bound("<", 15)),
        ([Bound(">", 10), Bound("<", 5)], None),
    ],
)
def test_sums_only_where_all_operators_allow_it(figures, sum_of_them):
    assert total(figures) == sum_of_them


@given(st.lists(FIGURES, min_size=1, max_size=5))
def test_about_is_never_added_to_anything(figures):
    assert total([*figures, Bound("~", 700)]) is None


@given(st.data())
def test_a_sum_holds_for_all_true_numbers(data):
    truths = data.draw(st.lists(NUMBERS, min_size=1, max_size=5))
    figures = [_statement_about(truth, data) for truth in truths]
    found = total(figures)
    if found is not None:
        assert holds(found, sum(truths))


def _statement_about(truth: int, data) -> Bound:
    """A figure that is true of ``truth``."""
    operator = data.draw(st.sampled_from("=>≥<"))
    off = data.draw(st.integers(min_value=1, max_value=50))
    return {
        "=": Bound("=", truth),
        ">": Bound(">", truth - off),
        "≥": Bound("≥", truth - off + 1),
        "<": Bound("<", truth + off),
    }[operator]


@given(st.data(), NUMBERS, NUMBERS)
def test_the_difference_holds_for_the_true_number(data, truth, counted):
    stated = _statement_about(truth, data)
    assert holds(difference(stated, counted), counted - truth)


def test_about_neither_fits_nor_not():
    assert holds(Bound("~", 700), 2) is None
    assert difference(Bound("~", 700), 688) == Bound("~", -12)


COUNTS = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=2), st.integers(0, 12), max_size=8
)


@given(COUNTS)
def test_no_hidden_cell_can_be_worked_out_from_the_total(counts):
    cells = guarded(counts)
    if cells is None:
        return
    hidden = [cell for cell in cells if cell.state != SHOWN]
    left = sum(counts.values()) - sum(cell.count or 0 for cell in cells)
    ranges = [(1, 2) if cell.state == FEW else range(3, left + 1) for cell in hidden]
    possible = [values for values in product(*ranges) if sum(values) == left] if hidden else []
    for place in range(len(hidden)):
        assert len({values[place] for values in possible}) > 1


@given(COUNTS)
def test_small_cells_are_hidden_and_nobody_is_lost(counts):
    cells = guarded(counts)
    if cells is None:
        assert any(0 < count < 3 for count in counts.values())
        return
    assert {cell.key for cell in cells} == {key for key, count in counts.items() if count}
    for cell in cells:
        assert (cell.state == FEW) == (counts[cell.key] < 3)
        assert cell.count == (counts[cell.key] if cell.state == SHOWN else None)
    assert any(cell.state == HELD_BACK for cell in cells) <= any(c.state == FEW for c in cells)


def test_the_order_of_hidden_cells_does_not_tell_their_size():
    one, other = guarded({"AT": 1, "CH": 2, "FR": 9}), guarded({"AT": 2, "CH": 1, "FR": 9})
    assert one == other


def test_two_people_are_not_broken_down():
    assert guarded({"DE": 2}) is None
    assert guarded({}) == []


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "more than 1,200"), ("de", "mehr als 1.200"), ("fr", "plus de 1\u202f200")],
)
def test_operators_in_the_readers_language(language, said):
    assert figure_in(Bound(">", 1200), language) == said


def test_languages_fall_back_to_english():
    assert [language_of(one) for one in ("de-AT", "fr_CH", "pl", None)] == ["de", "fr", "en", "en"]


def test_the_united_kingdom_left_on_31_january_2020():
    assert eu_members(["GB", "DE", "CH"], date(2020, 1, 31)) == {"GB", "DE"}
    assert eu_members(["GB", "DE", "CH"], date(2020, 2, 1)) == {"DE"}
    assert eu_members(["HR"], date(2013, 6, 30)) == set()


def test_eu_countries_are_a_kind_of_their_own():
    assert kind_of("countries", "EU countries") == "eu_countries"
    assert kind_of("countries", "countries of all participants") == "countries"
    assert kind_of("participants", None) == "participants"


def test_draft_then_checked_then_released():
    check_step("draft", "checked", written=True)
    check_step("checked", "released", written=True)
    for state, to in (("draft", "released"), ("released", "checked"), ("checked", "draft")):
        with pytest.raises(TransitionNotAllowed):
            check_step(state, to, written=True)
    with pytest.raises(Conflict):
        check_step("draft", "checked", written=False)


@pytest.mark.parametrize(
    ("changes", "due"),
    [
        ({}, True),
        ({"now": NOW - timedelta(seconds=1)}, False),
        ({"now": NOW + timedelta(days=9)}, True),
        ({"recorded": True}, False),
        ({"completed_at": None}, False),
        ({"state": "running"}, False),
        ({"state": "archived"}, True),
        ({"ends_at": None}, True),
    ],
)
def test_a_report_is_due_an_hour_after_the_end(changes, due):
    ended = NOW - timedelta(hours=1)
    told = {
        "state": "completed",
        "recorded": False,
        "ends_at": ended,
        "completed_at": ended,
        "delay": timedelta(hours=1),
        "now": NOW,
    }
    assert is_due(**(told | changes)) is due


@pytest.mark.parametrize(
    ("changes", "released"),
    [
        ({}, True),
        ({"state": "checked"}, True),
        ({"state": "released"}, False),
        ({"attendance_open": True}, False),
        ({"written_at": None}, False),
        ({"now": NOW + timedelta(days=4)}, False),
        ({"after_days": 0, "now": NOW}, True),
    ],
)
def test_a_report_releases_itself_once_attendance_is_closed(changes, released):
    told = {
        "state": "draft",
        "written_at": NOW,
        "after_days": 5,
        "attendance_open": False,
        "now": NOW + timedelta(days=5),
    }
    assert releases_itself(**(told | changes)) is released


def test_only_what_ended_has_a_report():
    check_reportable("completed")
    for state, code in (("running", "event-not-ended"), ("archived", "archived")):
        with pytest.raises(Conflict) as refused:
            check_reportable(state)
        assert refused.value.code == code
