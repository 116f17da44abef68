"""Rules 15 to 18: one participant's copy of an item."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from eventsvc.feeds.policy import Seat, copy_of

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)


def seat(state, changes=0, *, minute=0, with_item=False):
    return Seat(state, changes, NOW + timedelta(minutes=minute), with_item)


def test_rule_16_waiting_and_offers_are_tentative():
    for state in ("waitlisted", "offered"):
        assert copy_of([seat(state)], "CONFIRMED").status == "TENTATIVE"
    for state in ("confirmed", "attended", "no_show"):
        assert copy_of([seat(state)], "CONFIRMED").status == "CONFIRMED"


def test_rule_17_given_up_is_gone_at_once():
    assert copy_of([seat("cancelled", 1)], "CONFIRMED") is None
    assert copy_of([seat("cancelled", 1)], "CANCELLED") is None


def test_rule_17_cancelled_by_the_organiser_stays():
    assert copy_of([seat("cancelled", 1, with_item=True)], "CANCELLED").sequence_plus == 1
    assert copy_of([seat("cancelled", 1, with_item=True)], "CONFIRMED") is None


def test_rule_13_the_stamp_is_the_last_change_of_any_booking():
    both = [seat("cancelled", 1, minute=5), seat("confirmed", minute=9)]
    assert copy_of(both, "CONFIRMED").stamp_at == NOW + timedelta(minutes=9)


@given(st.lists(st.sampled_from(["book", "wait", "promote", "cancel"]), max_size=20))
def test_rule_15_sequence_never_falls(steps):
    """Whatever somebody does, and each visible change raises it."""
    seats: list[Seat] = []
    last, shown = -1, None
    for step in steps:
        standing = bool(seats) and seats[-1].state != "cancelled"
        if step in ("book", "wait") and not standing:
            seats.append(seat("confirmed" if step == "book" else "waitlisted"))
        elif standing and step in ("promote", "cancel"):
            state = "cancelled" if step == "cancel" else "confirmed"
            seats[-1] = seat(state, seats[-1].changes + 1)
        copy = copy_of(seats, "CONFIRMED")
        if copy is None:
            shown = None
            continue
        assert copy.sequence_plus > last if shown != copy.status else copy.sequence_plus >= last
        last, shown = copy.sequence_plus, copy.status
