"""Whether there is time to get from one item to the next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsvc.agenda.policy import Span
from eventsvc.visits.policy import Distances, Stay, tight_pairs, too_near

NINE = datetime(2027, 5, 5, 9, tzinfo=UTC)
ROWS = [("hall", "works", 25, False), ("works", "hall", 40, True), ("hall", "inn", 0, False)]
WAYS = Distances(ROWS)


def stay(name, start, end, *places):
    return Stay(name, Span(NINE + timedelta(minutes=start), NINE + timedelta(minutes=end)),
                frozenset(places))  # fmt: skip


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [("hall", "works", 25), ("works", "hall", 40), ("hall", "hall", 0), ("inn", "hall", 0),
     ("works", "inn", None)],
)  # fmt: skip
def test_a_way_holds_both_ways_unless_one_way_says_otherwise(start, end, minutes):
    assert WAYS.minutes(start, end) == minutes


def test_minutes_missing_before_and_after():
    talk, tour = stay("talk", 0, 60, "hall"), stay("tour", 70, 100, "works")
    tight = too_near(tour, talk, WAYS)
    assert (tight.first, tight.then) == (talk, tour)
    assert (tight.minutes_needed, tight.minutes_missing) == (25, 15)
    assert too_near(talk, stay("tour", 85, 100, "works"), WAYS) is None
    back = too_near(tour, stay("talk 2", 139, 200, "hall"), WAYS)
    assert back.minutes_missing == 1


def test_half_minutes_are_rounded_up():
    talk = stay("talk", 0, 60, "hall")
    assert too_near(talk, stay("tour", 84.5, 100, "works"), WAYS).minutes_missing == 1


def test_overlaps_and_unknown_ways_are_no_matter_of_travel():
    talk = stay("talk", 0, 60, "hall")
    assert too_near(talk, stay("tour", 30, 90, "works"), WAYS) is None
    assert too_near(talk, stay("tour", 60, 90, "park"), WAYS) is None
    assert too_near(talk, stay("call", 60, 90), WAYS) is None
    assert too_near(talk, talk, WAYS) is None


def test_of_several_stops_the_nearest_counts_and_an_unknown_one_may_be_near():
    talk = stay("talk", 0, 60, "hall")
    assert too_near(talk, stay("tour", 60, 90, "works", "inn"), WAYS) is None
    assert too_near(talk, stay("tour", 60, 90, "works", "park"), WAYS) is None


def test_all_pairs_in_order():
    stays = [stay("c", 65, 70, "hall"), stay("a", 0, 60, "hall"), stay("b", 60, 65, "works")]
    found = [(one.first.item_id, one.then.item_id) for one in tight_pairs(stays, WAYS)]
    assert found == [("a", "b"), ("b", "c")]
    assert tight_pairs(stays, Distances([])) == []


SPANS = st.lists(
    st.tuples(st.integers(0, 300), st.integers(1, 60), st.sampled_from(["hall", "works", "inn"])),
    max_size=8,
)


@given(SPANS)
def test_enough_time_means_the_way_fits_in_the_gap(spans):
    stays = [stay(str(n), a, a + length, place) for n, (a, length, place) in enumerate(spans)]
    tight = {(one.first.item_id, one.then.item_id) for one in tight_pairs(stays, WAYS)}
    for first in stays:
        for then in stays:
            gap = (then.span.starts_at - first.span.ends_at) // timedelta(minutes=1)
            if first is not then and gap >= 0:
                too_short = gap < WAYS.needed(first, then)
                assert too_short == ((first.item_id, then.item_id) in tight)
