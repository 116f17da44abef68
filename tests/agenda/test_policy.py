"""Times, steps and double use, as pure decisions (api.md §5, §7)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsvc.agenda.policy import (
    STATES,
    STEPS,
    Occupied,
    Span,
    check_step,
    clashes,
    span_errors,
    who_clashes,
)
from eventsvc.core.errors import TransitionNotAllowed

START = datetime(2027, 5, 5, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)
EVENT = Span(START, START + 30 * HOUR)
TIMES = st.tuples(st.integers(0, 30), st.integers(1, 10))


def span(start, length):
    return Span(START + start * HOUR, START + (start + length) * HOUR)


@pytest.mark.parametrize("current", STATES)
@pytest.mark.parametrize("to", STATES)
def test_only_the_arrows_of_the_contract(current, to):
    if to in STEPS[current]:
        check_step(current, to)
        return
    with pytest.raises(TransitionNotAllowed) as refused:
        check_step(current, to)
    assert refused.value.members["allowed"] == list(STEPS[current])


def test_the_arrows_of_the_contract():
    arrows = {(a, b) for a, ends in STEPS.items() for b in ends}
    assert arrows == {
        ("planned", "cancelled"),
        ("confirmed", "planned"),
        ("confirmed", "cancelled"),
        ("cancelled", "planned"),
    }


@pytest.mark.parametrize(
    ("kind", "item_type", "start", "length", "code"),
    [
        ("session", "panel", 0, 24, None),
        ("session", "panel", 0, 25, "too-long"),
        ("session", "panel", 29, 1, None),
        ("session", "panel", 29, 2, "outside-event"),
        ("session", "side_event", 30, 24, None),
        ("session", "side_event", 79, 24, "outside-event"),
        ("visit", "site_visit", -72, 100, None),
        ("visit", "site_visit", -73, 2, "outside-event"),
        ("session", "panel", 1, 0, "before-start"),
    ],
)
def test_times_of_an_item(kind, item_type, start, length, code):
    errors = span_errors(span(start, length), kind=kind, item_type=item_type, event_span=EVENT)
    assert [error.code for error in errors] == ([code] if code else [])


def test_an_event_without_dates_bounds_nothing():
    found = span_errors(span(500, 1), kind="session", item_type="panel", event_span=None)
    assert found == []


@given(TIMES, TIMES)
def test_spans_overlap_when_they_share_an_hour(one, other):
    shared = set(range(one[0], sum(one))) & set(range(other[0], sum(other)))
    assert span(*one).overlaps(span(*other)) == bool(shared)
    assert span(*other).overlaps(span(*one)) == bool(shared)


@given(st.lists(st.tuples(st.sampled_from("RS"), TIMES), max_size=6))
def test_every_double_use_is_found_once(used):
    occupied = [
        Occupied(str(number), span(*times), thing) for number, (thing, times) in enumerate(used)
    ]
    found = {frozenset(clash.item_ids) for clash in clashes(occupied)}
    expected = {
        frozenset((a.item_id, b.item_id))
        for a in occupied
        for b in occupied
        if a.item_id < b.item_id and a.thing_id == b.thing_id and a.span.overlaps(b.span)
    }
    assert found == expected
    for one in occupied:
        others = {item for pair in expected if one.item_id in pair for item in pair}
        assert set(who_clashes([one], occupied)) == others - {one.item_id}


def test_a_block_and_its_members_share_their_room():
    block = Occupied("block", span(0, 4), "room")
    member = Occupied("member", span(1, 1), "room", block_id="block")
    assert clashes([block, member]) == []
