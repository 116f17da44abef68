"""The questions of `eventsvc invariants` find what they ask for, and cost a fixed number."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, update
from sqlalchemy import event as sql_events

from eventsvc.bookings.models import Booking
from eventsvc.bookings.queries import availability, broken_invariants
from eventsvc.core.db import db
from eventsvc.events.models import Event
from eventsvc.itinerary.models import Promise
from eventsvc.registration.models import Registration
from tests.factories.bookings import make_booking, make_visit, make_workshop
from tests.factories.events import NOW
from tests.factories.registration import make_open_event, make_pool, make_registration


@pytest.fixture
def event(session, organiser):
    return make_open_event(session, organiser.id, capacity=2)


def found(session):
    session.flush()
    return [
        sentence.partition(" ")[0] + " " + sentence.split()[1]
        for sentence in broken_invariants(session, now=NOW)
    ]


def write(session, model, row, **values):
    """Past every action, as a defect would."""
    session.flush()
    session.execute(update(model).where(model.id == row.id).values(**values))


def test_nothing_is_broken_at_first(session, event):
    for _ in range(4):
        make_registration(session, event)
    assert broken_invariants(session, now=NOW) == []
    assert broken_invariants(session) == []


def test_9_1_places_beyond_the_capacity_are_found_unless_allowed(session, event):
    for _ in range(2):
        make_registration(session, event)
    write(session, Event, event, capacity=1)
    assert found(session) == ["9.1 event"]
    write(session, Event, event, over_capacity=True)
    assert found(session) == []
    write(session, Event, event, capacity=None, capacity_on_site=1, over_capacity=False)
    assert found(session) == ["9.1 event"]


def test_9_1_a_pool_too_full_is_found(session, event):
    pool = make_pool(session, event, 1)
    for _ in range(2):
        row = make_registration(session, event, allow_over_capacity=True)
        write(session, Registration, row, pool_id=pool.id)
    write(session, Event, event, over_capacity=False)
    assert "9.1 pool" in found(session)


def test_9_2_a_free_place_beside_somebody_who_waits_is_found(session, event):
    made = [make_registration(session, event) for _ in range(3)]
    write(session, Registration, made[0], state="cancelled")
    assert found(session) == ["9.2 event"]


def test_9_3_somebody_overtaken_is_found(session, event):
    made = [make_registration(session, event) for _ in range(2)]
    write(session, Event, event, capacity=1)
    write(session, Registration, made[0], state="waitlisted")
    assert found(session) == ["9.3 registration"]


def test_9_1_items_and_buses_too_full_are_found(session, event):
    guests = [make_registration(session, event) for _ in range(2)]
    visit = make_visit(session, event, 1, 1)
    made = [make_booking(session, visit, guest) for guest in guests]
    write(session, Booking, made[1], bus_id=made[0].bus_id)
    assert found(session) == ["9.1 bus"]
    visit.capacity = 1
    assert found(session) == ["9.1 item", "9.1 bus"]


def test_9_2_a_free_seat_beside_somebody_who_could_take_it_is_found(session, event):
    guests = [make_registration(session, event) for _ in range(2)]
    item, rival = (make_workshop(session, event, capacity=1) for _ in range(2))
    held = make_booking(session, item, guests[0])
    make_booking(session, item, guests[1])
    busy = make_booking(session, rival, guests[1])
    write(session, Booking, held, state="cancelled")
    session.execute(delete(Promise).where(Promise.item_id == item.id))
    assert found(session) == []  # busy in the rival
    write(session, Booking, busy, state="cancelled")
    session.execute(delete(Promise).where(Promise.item_id == rival.id))
    assert found(session) == ["9.2 item"]


def test_9_5_and_7_promises_without_bookings_and_the_reverse_are_found(session, event):
    guest = make_registration(session, event)
    first, second = (make_workshop(session, event, hour=hour) for hour in (1, 3))
    for item in (first, second):
        make_booking(session, item, guest)
    session.execute(
        update(Promise)
        .where(Promise.item_id == second.id)
        .values(starts_at=first.starts_at, ends_at=first.ends_at)
    )
    assert found(session) == ["9.5 participant"]
    session.execute(delete(Promise).where(Promise.item_id == second.id))
    assert found(session) == ["7 booking"]
    write(session, Registration, guest, state="cancelled")
    assert found(session) == ["7 booking"] * 3
    session.execute(delete(Booking))
    assert found(session) == ["7 promise"]


def test_availability_costs_the_same_for_one_item_and_for_many(session, event):
    def cost():
        seen = []

        def note(*args):
            seen.append(args[2])

        session.flush()
        engine = db.engines[None].engine
        sql_events.listen(engine, "before_cursor_execute", note)
        try:
            availability(session, event, shown_only=False, now=NOW)
        finally:
            sql_events.remove(engine, "before_cursor_execute", note)
        return len(seen)

    make_workshop(session, event)
    one = cost()
    for hour in range(2, 9):
        make_workshop(session, event, hour=hour)
    assert cost() == one > 0
