"""When milestones are due, and which week it is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsvc.core.errors import Invalid, TransitionNotAllowed
from eventsvc.events.policy import (
    check_milestone_step,
    due_after,
    due_day,
    told_at,
    week_of,
)

START = datetime(2027, 5, 5, 9, 0)


def test_it_moves_with_the_start_or_stays_on_its_day():
    assert due_day(START, -90, None) == date(2027, 2, 4)
    assert due_day(START, 0, None) == date(2027, 5, 5)
    assert due_day(None, -90, None) is None
    assert due_day(None, None, date(2027, 1, 1)) == date(2027, 1, 1)


def test_the_newer_way_to_be_due_takes_the_place_of_the_other():
    day = date(2027, 1, 1)
    assert due_after({"due_on": day}, -90, None) == {"due_days": None, "due_on": day}
    assert due_after({"due_days": 3}, None, day) == {"due_days": 3, "due_on": None}
    assert due_after({"title": "x"}, -90, None) == {"due_days": -90, "due_on": None}
    for change in ({"due_days": None}, {"due_days": 3, "due_on": day}):
        with pytest.raises(Invalid):
            due_after(change, -90, None)


def test_steps():
    for came_from, to in (("open", "done"), ("open", "dropped"), ("done", "open")):
        check_milestone_step(came_from, to)
    for came_from, to in (("open", "open"), ("done", "dropped"), ("dropped", "done")):
        with pytest.raises(TransitionNotAllowed):
            check_milestone_step(came_from, to)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1)))
def test_a_week_has_one_number_from_monday_to_sunday(moment):
    now = moment.replace(tzinfo=UTC)
    monday, sunday, week = week_of(now, "Europe/Vienna")
    assert (monday.weekday(), sunday - monday) == (0, timedelta(days=6))
    assert week_of(told_at(monday, "Europe/Vienna"), "Europe/Vienna")[2] == week
    assert week_of(told_at(monday, "Europe/Vienna") + timedelta(days=7), "Europe/Vienna")[2] > week
