"""Parallel sessions that offer more places than their house holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from eventsvc.agenda.policy import Offer, Span, crowds

NINE = datetime(2027, 5, 5, 9, tzinfo=UTC)


def offer(name, start, end, places, group="A"):
    span = Span(NINE + timedelta(hours=start), NINE + timedelta(hours=end))
    return Offer(name, span, places, group, "hall")


def test_the_fullest_moment_is_told():
    offers = [offer("a", 0, 2, 60), offer("b", 1, 3, 50), offer("c", 2, 4, 70)]
    (crowd,) = crowds(offers, {"hall": 100})
    assert (crowd.item_ids, crowd.places) == (("b", "c"), 120)
    assert (crowd.starts_at, crowd.ends_at) == (
        NINE + timedelta(hours=2),
        NINE + timedelta(hours=3),
    )


def test_what_fits_or_has_no_limit_is_no_crowd():
    offers = [offer("a", 0, 2, 60), offer("b", 1, 3, 40)]
    assert crowds(offers, {"hall": 100}) == []
    assert crowds(offers, {}) == []
    assert crowds([*offers, offer("c", 0, 2, 60, group="B")], {"hall": 100}) == []
    assert crowds([], {"hall": 0}) == []
