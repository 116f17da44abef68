"""Seats of one item as plain values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from eventsvc.bookings import policy
from eventsvc.bookings.policy import BusSeats, Seats

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("places", "buses", "capacity"),
    [(None, [], None), (5, [], 5), (None, [3, 4], 7), (5, [3, 4], 5), (9, [3, 4], 7), (0, [3], 0)],
)
def test_a_visit_has_no_more_seats_than_it_and_its_buses_have(places, buses, capacity):
    assert policy.capacity_of(places, buses) == capacity


def test_the_first_bus_with_a_seat_is_given():
    buses = (BusSeats("a", 1, 1), BusSeats("b", 2, 1))
    assert Seats(3, 2, 0, buses).first_bus() == "b"
    assert Seats(1, 1, 0, buses[:1]).first_bus() is None


def test_free_is_never_negative_and_too_many_are_noticed_in_all_or_on_a_bus():
    assert Seats(None, 9).free is None
    assert (Seats(2, 3).free, Seats(2, 3).exceeded) == (0, True)
    assert Seats(9, 3, 0, (BusSeats("a", 2, 3),)).exceeded
    assert not Seats(3, 3).exceeded


def is_open(**changed):
    usual = {
        "event_state": "published", "item_state": "planned", "bookable": True, "ready": True,
        "opens_at": None, "closes_at": None, "staff": False, "now": NOW,
    }  # fmt: skip
    return policy.booking_open(**(usual | changed))


def test_seats_are_booked_while_event_item_and_dates_allow_it():
    assert is_open()
    for closed in (
        {"event_state": "draft"}, {"event_state": "completed"}, {"item_state": "cancelled"},
        {"bookable": False}, {"ready": False},
    ):  # fmt: skip
        assert not is_open(**closed)
        assert not is_open(**closed, staff=True)
    for dates in ({"opens_at": NOW + timedelta(hours=1)}, {"closes_at": NOW}):
        assert not is_open(**dates)
        assert is_open(**dates, staff=True)


@pytest.mark.parametrize(
    ("mode", "kind", "item_mode", "can"),
    [
        ("on_site", "visit", None, True),
        ("online", "visit", None, False),
        ("online", "session", "on_site", False),
        ("online", "session", "hybrid", True),
        ("online", "session", None, True),
    ],
)
def test_somebody_online_attends_only_what_needs_no_body(mode, kind, item_mode, can):
    assert policy.attends(mode, item_kind=kind, item_mode=item_mode) is can
