"""Spans that decide about feeds."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from eventsvc.feeds.policy import cutoff, fetch_is_due, later_than, unused_since

NOW = datetime(2027, 3, 1, 12, 0, 0, 900_000, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_rule_37_the_cutoff_comes_from_a_stored_date():
    assert cutoff(NOW) == date(2026, 12, 1)


def test_rule_39_two_changes_in_one_second_have_two_dates():
    first = later_than(NOW, None)
    assert first == NOW.replace(microsecond=0)
    assert later_than(NOW, first) == first + SECOND
    assert later_than(NOW + 5 * SECOND, first) == first + 5 * SECOND


def test_a_fetch_is_noted_once_an_hour():
    assert fetch_is_due(None, NOW)
    assert not fetch_is_due(NOW - timedelta(minutes=59), NOW)
    assert fetch_is_due(NOW - timedelta(hours=1), NOW)


def test_rule_30_thirteen_months():
    assert unused_since(NOW).date() == date(2026, 1, 29)
