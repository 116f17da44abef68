"""Booking, giving back, promoting: api.md §7 and §9, editions.md §5.17."""

from __future__ import annotations

from datetime import timedelta

import pytest

from eventsvc.bookings import actions, queries
from eventsvc.bookings.queries import broken_invariants
from eventsvc.core.errors import Conflict, Invalid, NotFound, TransitionNotAllowed
from eventsvc.itinerary.queries import itinerary_of
from eventsvc.registration import actions as registration
from eventsvc.visits import actions as visits
from tests.factories.agenda import make_room
from tests.factories.bookings import make_booking, make_visit, make_workshop
from tests.factories.events import ACTOR, NOW, STARTS, make_venue
from tests.factories.registration import holder_of, make_open_event, make_registration, told

OFFERS = STARTS - timedelta(days=3)


@pytest.fixture
def event(session, organiser):
    return make_open_event(session, organiser.id)


@pytest.fixture
def guests(session, event):
    return [make_registration(session, event) for _ in range(5)]


def give_back(session, booking, *, actor=ACTOR, now=NOW):
    return actions.cancel_booking(session, actor, booking.event_id, booking.id, now=now)


def go(session, booking, to, *, actor=ACTOR, now=NOW, **values):
    told = {"to": to, **values}
    return actions.transition(session, actor, booking.event_id, booking.id, told, now=now)


def refusal(code, call, *args, **options):
    with pytest.raises(Conflict) as refused:
        call(*args, **options)
    assert refused.value.code == code
    return refused.value


def test_9_1_seats_then_the_waiting_list_and_a_promise_for_each_seat(session, event, guests):
    item = make_workshop(session, event, capacity=2)
    made = [make_booking(session, item, guest) for guest in guests[:4]]
    assert [one.state for one in made] == ["confirmed", "confirmed", "waitlisted", "waitlisted"]
    assert [one.sequence for one in made] == [1, 2, 3, 4]
    assert queries.positions(session, made) == {made[2].id: 1, made[3].id: 2}
    kept = [len(itinerary_of(session, guest.participant_id)) for guest in guests[:4]]
    assert kept == [1, 1, 0, 0]
    assert broken_invariants(session, now=NOW) == []


def test_9_1_without_a_number_of_its_own_a_session_has_the_rooms(session, event, guests):
    room = make_room(session, event, capacity=1)
    item = make_workshop(session, event, room_id=room.id)
    assert [make_booking(session, item, guest).state for guest in guests[:2]] == [
        "confirmed",
        "waitlisted",
    ]


def test_9_1_without_any_number_seats_are_unlimited(session, event, guests):
    item = make_workshop(session, event)
    assert {make_booking(session, item, guest).state for guest in guests} == {"confirmed"}


def test_5_17_a_visit_has_no_more_seats_than_its_buses(session, event, guests):
    item = make_visit(session, event, 1, 2, capacity=10)
    made = [make_booking(session, item, guest) for guest in guests]
    assert [one.state for one in made] == ["confirmed"] * 3 + ["waitlisted"] * 2
    buses = [bus.id for bus in queries.seats(session, item).buses]
    assert [one.bus_id for one in made] == [buses[0], buses[1], buses[1], None, None]
    give_back(session, made[0])
    assert (made[3].state, made[3].bus_id) == ("confirmed", buses[0])
    assert broken_invariants(session, now=NOW) == []


def test_5_17_the_bus_asked_for_is_given_or_refused(session, event, guests):
    item = make_visit(session, event, 1, 1)
    second = queries.seats(session, item).buses[1].id
    assert make_booking(session, item, guests[0], bus_id=second).bus_id == second
    refusal("bus-full", make_booking, session, item, guests[1], bus_id=second)
    with pytest.raises(Invalid):
        make_booking(session, item, guests[1], bus_id=event.id)


def test_a_visit_without_seats_or_times_takes_no_bookings(session, event, guests):
    without = make_visit(session, event)
    refusal("booking-closed", make_booking, session, without, guests[0])
    untimed = make_visit(session, event, 5, starts_at=None, ends_at=None)
    refusal("booking-closed", make_booking, session, untimed, guests[0])


def test_9_2_the_seat_given_back_goes_to_the_first_who_waits_once(session, event, guests):
    item = make_workshop(session, event, capacity=1)
    made = [make_booking(session, item, guest) for guest in guests[:3]]
    give_back(session, made[0])
    assert [one.state for one in made] == ["cancelled", "confirmed", "waitlisted"]
    assert [row.subject_id for row in told(session, "booking.promoted")] == [made[1].id]
    assert itinerary_of(session, guests[0].participant_id) == []
    assert len(itinerary_of(session, guests[1].participant_id)) == 1


def test_9_5_who_is_busy_then_is_skipped_and_keeps_the_place(session, event, guests):
    item, rival = (make_workshop(session, event, capacity=1) for _ in range(2))
    holder, busy, free = guests[:3]
    held = make_booking(session, item, holder)
    waits = make_booking(session, item, busy)
    after = make_booking(session, item, free)
    elsewhere = make_booking(session, rival, busy)
    give_back(session, held)
    assert (waits.state, after.state) == ("waitlisted", "confirmed")
    assert queries.positions(session, [waits]) == {waits.id: 1}
    give_back(session, after)
    assert waits.state == "waitlisted"  # a seat is free, but not for somebody busy
    assert broken_invariants(session, now=NOW) == []
    give_back(session, elsewhere)
    assert waits.state == "confirmed"  # free again: promoted in the same transaction
    assert broken_invariants(session, now=NOW) == []


def test_9_5_who_is_too_far_away_is_skipped_until_the_other_promise_is_given_up(
    session, event, guests
):
    rooms = [make_room(session, event, venue_id=make_venue(session, event).id) for _ in range(2)]
    item = make_workshop(session, event, capacity=1, room_id=rooms[0].id)
    rival = make_workshop(session, event, hour=2, room_id=rooms[1].id)
    ends = {"from_venue_id": rooms[0].venue_id, "to_venue_id": rooms[1].venue_id}
    visits.add_travel_time(session, ACTOR, event.organiser_id, {**ends, "minutes": 20}, now=NOW)
    held = make_booking(session, item, guests[0])
    waits = make_booking(session, item, guests[1])
    elsewhere = make_booking(session, rival, guests[1])
    give_back(session, held)
    assert waits.state == "waitlisted"
    assert broken_invariants(session, now=NOW) == []
    give_back(session, elsewhere)
    assert waits.state == "confirmed"
    refused = refusal("time-conflict", make_booking, session, rival, guests[1])
    assert refused.members["clashes"][0]["minutes_missing"] == 20


def test_9_5_a_newcomer_takes_the_seat_that_nobody_who_waits_can_take(session, event, guests):
    item, rival = (make_workshop(session, event, capacity=1) for _ in range(2))
    held = make_booking(session, item, guests[0])
    make_booking(session, item, guests[1])
    make_booking(session, rival, guests[1])
    give_back(session, held)
    assert make_booking(session, item, guests[2]).state == "confirmed"
    assert broken_invariants(session, now=NOW) == []


def test_9_5_overlapping_bookings_are_refused_unless_allowed(session, event, guests):
    first, second = (make_workshop(session, event) for _ in range(2))
    make_booking(session, first, guests[0])
    refused = refusal("time-conflict", make_booking, session, second, guests[0])
    assert refused.members["conflicts_with"] == [first.id]
    event.allow_overlaps = True
    assert make_booking(session, second, guests[0]).state == "confirmed"


def test_9_5_one_active_booking_per_guest_and_item(session, event, guests):
    item = make_workshop(session, event)
    made = make_booking(session, item, guests[0])
    refused = refusal("already-booked", make_booking, session, item, guests[0])
    assert refused.members["conflicts_with"] == [made.id]
    give_back(session, made)
    assert make_booking(session, item, guests[0]).sequence == 2


def test_9_5_a_full_list_is_sold_out(session, event, guests):
    item = make_workshop(session, event, capacity=0)
    item.waiting_list_limit = 1
    make_booking(session, item, guests[0])
    refusal("sold-out", make_booking, session, item, guests[1])


def test_7_only_a_confirmed_registration_may_book(session, organiser):
    event = make_open_event(session, organiser.id, capacity=1)
    make_registration(session, event)
    waiting = make_registration(session, event)
    item = make_workshop(session, event)
    refusal("not-confirmed", make_booking, session, item, waiting)
    with pytest.raises(Invalid):
        actions.book(session, ACTOR, event.id, item.id, event.id, now=NOW)


def test_a_guest_books_visible_items_in_their_time(session, event, guests):
    closes = NOW + timedelta(days=1)
    item = make_workshop(session, event, booking_closes_at=closes)
    me = holder_of(guests[0])
    item.visible = False
    session.flush()
    with pytest.raises(NotFound):
        actions.book(session, me, event.id, item.id, guests[0].id, now=NOW)
    item.visible = True
    session.flush()
    late = (session, me, event.id, item.id, guests[0].id)
    refusal("booking-closed", actions.book, *late, now=closes)
    assert actions.book(*late, now=NOW).state == "confirmed"
    closed = make_workshop(session, event, hour=4, bookable=False)
    refusal("booking-closed", make_booking, session, closed, guests[0])


def test_somebody_online_takes_no_seat_on_site(session, organiser):
    event = make_open_event(session, organiser.id, mode="hybrid")
    online = make_registration(session, event, mode="online")
    refusal("mode-mismatch", make_booking, session, make_visit(session, event, 5), online)


def test_3_11_near_the_start_seats_are_offered_and_lapse(session, event, guests):
    item = make_workshop(session, event, capacity=1)
    made = [make_booking(session, item, guest) for guest in guests[:3]]
    give_back(session, made[0], now=OFFERS)
    assert (made[1].state, made[1].offer_ends_at) == ("offered", OFFERS + timedelta(hours=24))
    assert itinerary_of(session, guests[1].participant_id) == []
    lapsed = OFFERS + timedelta(hours=24)
    refusal("offer-ended", go, session, made[1], "confirmed", now=lapsed)
    assert actions.expire_offers(session, event.id, item.id, now=lapsed) == 1
    assert (made[1].state, made[2].state) == ("waitlisted", "offered")
    go(session, made[2], "confirmed", actor=holder_of(guests[2]), now=lapsed)
    assert len(itinerary_of(session, guests[2].participant_id)) == 1
    assert broken_invariants(session, now=lapsed) == []


def test_promotion_by_hand_is_in_order_and_onto_a_free_seat(session, event, guests):
    item = make_workshop(session, event, capacity=1)
    made = [make_booking(session, item, guest) for guest in guests[:3]]
    refusal("no-place-free", go, session, made[2], "confirmed", override=True)
    ended = STARTS - timedelta(hours=12)
    give_back(session, made[0], now=ended)
    refusal("not-first-in-order", go, session, made[2], "confirmed", now=ended)
    go(session, made[2], "confirmed", override=True, now=ended)
    go(session, made[1], "confirmed", allow_over_capacity=True, now=ended)
    assert item.over_capacity
    assert broken_invariants(session, now=ended) == []


def test_a_guest_gives_back_until_the_item_begins(session, event, guests):
    item = make_workshop(session, event)
    made = make_booking(session, item, guests[0])
    me = holder_of(guests[0])
    refusal("cancellation-closed", give_back, session, made, actor=me, now=item.starts_at)
    assert give_back(session, made, actor=me).state == "cancelled"
    with pytest.raises(TransitionNotAllowed):
        give_back(session, made)


def test_no_show_exists_only_once_attendance_is_closed(session, event, guests):
    item = make_workshop(session, event)
    made = make_booking(session, item, guests[0])
    refusal("attendance-open", go, session, made, "no_show")
    item.attendance = "closed"
    session.flush()
    assert go(session, made, "no_show").state == "no_show"


def test_a_booking_changes_the_personal_calendar(session, event, guests):
    item = make_workshop(session, event, capacity=1)
    before = guests[0].participant.revision
    made = make_booking(session, item, guests[0])
    session.refresh(guests[0].participant)
    assert guests[0].participant.revision == before + 1
    give_back(session, made)
    assert made.changes == 1
    session.refresh(guests[0].participant)
    assert guests[0].participant.revision == before + 2


def test_foreign_and_malformed_ids_are_not_found(session, event, guests):
    other = make_open_event(session, event.organiser_id)
    item = make_workshop(session, event)
    made = make_booking(session, item, guests[0])
    for event_id, booking_id in ((other.id, made.id), (event.id, "x"), (event.id, other.id)):
        with pytest.raises(NotFound):
            actions.cancel_booking(session, ACTOR, event_id, booking_id, now=NOW)
    with pytest.raises(NotFound):
        queries.booking_for(session, event, made.id, registration_id=guests[1].id)


def test_the_bookings_of_a_cancelled_registration_go_to_those_who_wait(session, event, guests):
    workshop = make_workshop(session, event, capacity=1)
    visit = make_visit(session, event, 1, hour=5)
    for item in (workshop, visit):
        for guest in guests[:2]:
            make_booking(session, item, guest)
    registration.cancel(session, ACTOR, event.id, guests[0].id, now=NOW)
    for item in (workshop, visit):
        assert [one.registration_id for one in queries.active_of(session, item_id=item.id)] == [
            guests[1].id
        ]
        assert queries.seats(session, item).taken == 1
    assert itinerary_of(session, guests[0].participant_id) == []
    assert {row.payload["cause"] for row in told(session, "booking.cancelled")} == {"registration"}
    assert broken_invariants(session, now=NOW) == []
