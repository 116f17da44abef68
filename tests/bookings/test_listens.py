"""Seats follow what happens to items, buses and registrations."""

from __future__ import annotations

from datetime import timedelta

import pytest

from eventsvc.agenda.policy import ItemCancelled, ItemCapacityChanged, ItemMoved, ItemRemoved
from eventsvc.bookings import actions, queries
from eventsvc.bookings.queries import broken_invariants
from eventsvc.core.errors import Conflict
from eventsvc.facts.actions import tell
from eventsvc.itinerary.queries import itinerary_of
from eventsvc.registration import actions as registration
from eventsvc.visits.policy import BusSeatsChanged
from tests.factories.bookings import make_booking, make_bus, make_visit, make_workshop
from tests.factories.events import ACTOR, NOW
from tests.factories.registration import make_open_event, make_registration


@pytest.fixture
def event(session, organiser):
    return make_open_event(session, organiser.id)


@pytest.fixture
def guests(session, event):
    return [make_registration(session, event) for _ in range(4)]


def told(item, **more):
    return {
        "at": NOW,
        "subject_id": item.id,
        "event_id": item.event_id,
        "item_kind": item.kind,
        **more,
    }


def resize(session, item, capacity, *, allow=False):
    item.capacity = capacity
    session.flush()
    tell(session, ItemCapacityChanged(**told(item, allow_over_capacity=allow)))


def states(session, made):
    for one in made:
        session.refresh(one)
    return [one.state for one in made]


def test_more_seats_promote_fewer_are_refused(session, event, guests):
    item = make_workshop(session, event, capacity=1)
    made = [make_booking(session, item, guest) for guest in guests]
    resize(session, item, 3)
    assert states(session, made) == ["confirmed"] * 3 + ["waitlisted"]
    with pytest.raises(Conflict) as refused:
        resize(session, item, 2)
    assert refused.value.code == "capacity-below-confirmed"
    resize(session, item, 2, allow=True)
    assert item.over_capacity
    assert broken_invariants(session, now=NOW) == []
    actions.cancel_booking(session, ACTOR, event.id, made[0].id, now=NOW)
    assert states(session, made)[3] == "waitlisted"


def test_a_bus_more_promotes_and_seats_who_had_none(session, event, guests):
    item = make_visit(session, event, capacity=2)
    made = [make_booking(session, item, guest) for guest in guests[:3]]
    assert [one.bus_id for one in made] == [None] * 3
    bus = make_bus(session, item, 3)
    item.capacity = None
    session.flush()
    changed = {"at": NOW, "subject_id": bus.id, "event_id": event.id, "visit_id": item.id}
    tell(session, BusSeatsChanged(**changed, seats=3))
    assert states(session, made) == ["confirmed"] * 3
    assert [one.bus_id for one in made] == [bus.id] * 3
    bus.seats = 2
    session.flush()
    with pytest.raises(Conflict) as refused:
        tell(session, BusSeatsChanged(**changed, seats=2))
    assert refused.value.code == "capacity-below-confirmed"


def test_a_cancelled_item_ends_its_bookings_and_frees_its_guests(session, event, guests):
    item, rival = (make_workshop(session, event, capacity=1) for _ in range(2))
    waits = make_booking(session, rival, guests[1])
    held = make_booking(session, item, guests[0])
    waiting = make_booking(session, rival, guests[0])
    actions.cancel_booking(session, ACTOR, event.id, waits.id, now=NOW)
    assert states(session, [waiting]) == ["waitlisted"]  # busy in ``item``
    item.state = "cancelled"
    session.flush()
    tell(session, ItemCancelled(**told(item, reason="a synthetic reason", number=1)))
    assert states(session, [held, waiting]) == ["cancelled", "confirmed"]
    assert [one.item_id for one in itinerary_of(session, guests[0].participant_id)] == [rival.id]
    assert broken_invariants(session, now=NOW) == []


def test_a_moved_item_takes_its_promises_along_and_nobody_loses_a_seat(session, event, guests):
    first = make_workshop(session, event, hour=1)
    second = make_workshop(session, event, hour=3, capacity=1)
    both = make_booking(session, first, guests[0])
    held = make_booking(session, second, guests[0])
    old = (second.starts_at, second.ends_at)
    second.starts_at, second.ends_at = first.starts_at, first.ends_at
    session.flush()
    moved = {"old_start": old[0], "old_end": old[1], "starts_rev": 1, "reminders_move": True}
    now_at = {"new_start": first.starts_at, "new_end": first.ends_at}
    tell(session, ItemMoved(**told(second, **moved, **now_at)))
    assert states(session, [both, held]) == ["confirmed", "confirmed"]
    kept = itinerary_of(session, guests[0].participant_id)
    assert {one.starts_at for one in kept} == {first.starts_at}
    assert sorted(one.overlaps for one in kept) == [False, True]
    assert broken_invariants(session, now=NOW) == []


def test_a_move_promotes_who_was_busy_before(session, event, guests):
    item, rival = (make_workshop(session, event, capacity=1) for _ in range(2))
    held = make_booking(session, item, guests[1])
    waits = make_booking(session, item, guests[0])
    make_booking(session, rival, guests[0])
    actions.cancel_booking(session, ACTOR, event.id, held.id, now=NOW)
    assert states(session, [waits]) == ["waitlisted"]
    old = (item.starts_at, item.ends_at)
    item.starts_at, item.ends_at = (one + timedelta(hours=4) for one in old)
    session.flush()
    moved = {"old_start": old[0], "old_end": old[1], "starts_rev": 1, "reminders_move": True}
    now_at = {"new_start": item.starts_at, "new_end": item.ends_at}
    tell(session, ItemMoved(**told(item, **moved, **now_at)))
    assert states(session, [waits]) == ["confirmed"]
    assert broken_invariants(session, now=NOW) == []


def test_an_item_that_was_booked_is_not_deleted(session, event, guests):
    item = make_workshop(session, event)
    tell(session, ItemRemoved(**told(item)))
    made = make_booking(session, item, guests[0])
    actions.cancel_booking(session, ACTOR, event.id, made.id, now=NOW)
    with pytest.raises(Conflict) as refused:
        tell(session, ItemRemoved(**told(item)))
    assert refused.value.code == "item-booked"


def test_who_changes_to_online_gives_back_seats_on_site(session, organiser):
    event = make_open_event(session, organiser.id, mode="hybrid")
    guest, other = (make_registration(session, event, mode="on_site") for _ in range(2))
    visit = make_visit(session, event, 1)
    stream = make_workshop(session, event, hour=5)
    held, waits = (make_booking(session, visit, one) for one in (guest, other))
    kept = make_booking(session, stream, guest)
    registration.change(session, ACTOR, event.id, guest.id, {"mode": "online"}, now=NOW)
    assert states(session, [held, waits, kept]) == ["cancelled", "confirmed", "confirmed"]
    assert queries.seats(session, visit).taken == 1
