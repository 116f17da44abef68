"""What is told, to whom and when: decisions on plain values (delivery.md §4, editions.md §7.21)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsvc.reminders.plan import (
    ADDED,
    ALL,
    CANCELLED,
    HIT,
    NOBODY,
    TIME,
    Change,
    folded,
    hits_with_seat,
    seal_at,
    whom_to_tell,
)

NOW = datetime(2027, 4, 1, 12, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
LIMITS = {"quiet": 15 * MINUTE, "longest": 120 * MINUTE}


@pytest.mark.parametrize(
    ("said", "default", "days_ahead", "whom"),
    [
        (None, None, 15, NOBODY),
        (None, None, 14, HIT),
        (None, None, 0, HIT),
        (None, "all", 90, ALL),
        ("nobody", "all", 1, NOBODY),
        ("all", "nobody", 90, ALL),
    ],
)
def test_the_editor_decides_else_the_event_else_the_calendar(said, default, days_ahead, whom):
    assert whom_to_tell(said, default, NOW + days_ahead * DAY, NOW) == whom


def test_nobody_is_told_of_an_event_without_a_date():
    assert whom_to_tell(None, None, None, NOW) == NOBODY


def test_it_waits_for_quiet_but_not_for_ever():
    def sealed(opened, now):
        return seal_at(opened, now, starts=[NOW + DAY], **LIMITS)

    assert sealed(NOW, NOW) == NOW + 15 * MINUTE
    assert sealed(NOW, NOW + 14 * MINUTE) == NOW + 29 * MINUTE
    assert sealed(NOW, NOW + 119 * MINUTE) == NOW + 120 * MINUTE


@pytest.mark.parametrize(("ahead", "at_once"), [(180, True), (181, False), (-1, False)])
def test_what_starts_within_three_hours_is_told_at_once(ahead, at_once):
    sealed = seal_at(NOW, NOW, starts=[NOW + DAY, NOW + ahead * MINUTE], **LIMITS)
    assert (sealed == NOW) is at_once


def test_of_several_changes_the_first_old_and_the_last_new_value_are_told():
    told = folded([Change("a", "title", "A", "B"), Change("a", "title", "B", "C", ALL)])
    assert told == [Change("a", "title", "A", "C", ALL)]


def test_what_was_undone_disappears():
    assert folded([Change("a", "room", "1", "2"), Change("a", "room", "2", "1")]) == []
    assert folded([Change("a", CANCELLED, False, True), Change("a", CANCELLED, True, False)]) == []


def test_of_what_is_new_nothing_else_is_told_and_what_came_and_went_is_nothing():
    new = Change("a", ADDED, False, True)
    assert folded([new, Change("a", "title", "A", "B")]) == [new]
    assert folded([new, Change("a", CANCELLED, False, True)]) == []


def test_of_what_is_off_only_that_is_told():
    off = Change("a", CANCELLED, False, True)
    assert folded([Change("a", "room", "1", "2"), off]) == [off]


def test_who_has_a_seat_hears_of_times_by_a_letter_of_its_own():
    assert not hits_with_seat([TIME, CANCELLED])
    assert hits_with_seat([TIME, "room"])


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 3)), max_size=12))
def test_folding_tells_the_same_as_the_steps_in_all(steps):
    """Whatever the steps: what is told leads from the first value to the last, or is nothing."""
    values, changes = {"a": 0, "b": 0}, []
    for item, value in steps:
        if value != values[item]:
            changes.append(Change(item, "title", values[item], value))
            values[item] = value
    told = {change.item_id: (change.old, change.new) for change in folded(changes)}
    assert told == {item: (0, value) for item, value in values.items() if value != 0}
