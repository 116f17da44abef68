"""When a bus may leave."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from eventsvc.visits.policy import leaves_in_time

START = datetime(2027, 5, 5, 12, tzinfo=UTC)
END = START + timedelta(hours=3)


@pytest.mark.parametrize(
    ("hours", "in_time"),
    [(-24, True), (-24.01, False), (0, True), (2.99, True), (3, False)],
)
def test_before_the_end_and_at_most_a_day_before_the_start(hours, in_time):
    assert leaves_in_time(START + timedelta(hours=hours), START, END) is in_time


def test_an_untimed_visit_says_nothing_of_its_departures():
    assert leaves_in_time(START, None, None)
