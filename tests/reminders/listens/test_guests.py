"""What guests are told: one mail per moment, in the transaction of the act (delivery.md §1, §3)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from eventsvc.bookings import actions as bookings
from eventsvc.mail.policy import message_key
from eventsvc.registration import actions as registration
from tests.factories.bookings import make_booking, make_workshop
from tests.factories.events import ACTOR, NOW
from tests.factories.registration import (
    SECRET,
    holder_of,
    make_open_event,
    make_registration,
    person,
)
from tests.reminders.support import outbox, plan, vienna


@pytest.fixture
def event(session, organiser):
    return make_open_event(session, organiser.id, capacity=1)


def told(session, guest) -> list[tuple[str, str]]:
    return [(m.purpose, m.state) for m in outbox(session, recipient_id=guest.participant_id)]


def test_confirmed_waitlisted_promoted_cancelled(session, event) -> None:
    first, second = make_registration(session, event), make_registration(session, event)
    assert told(session, first) == [("registration_confirmed", "pending")]
    assert told(session, second) == [("registration_waitlisted", "pending")]
    registration.cancel(session, ACTOR, event.id, first.id, now=NOW)
    assert told(session, first) == [
        ("registration_confirmed", "cancelled"),
        ("registration_cancelled", "pending"),
    ]
    assert told(session, second)[1] == ("waitlist_promoted", "pending")
    (promoted,) = outbox(session, "waitlist_promoted")
    assert promoted.revision == 1
    assert promoted.priority == 0
    assert promoted.key == message_key(
        second.participant_id, "waitlist_promoted", "registration", second.id, revision=1
    )
    assert promoted.payload == {"registration_id": second.id}


@pytest.mark.parametrize(("by", "word"), [("attendee", "attendee"), ("organiser", "organiser")])
def test_a_cancellation_says_by_whom(session, event, by: str, word: str) -> None:
    guest = make_registration(session, event)
    actor = holder_of(guest) if by == "attendee" else ACTOR
    registration.cancel(session, actor, event.id, guest.id, now=NOW)
    (row,) = outbox(session, "registration_cancelled")
    expected = "organiser" if actor is ACTOR else word
    assert row.payload["by"] == expected


def test_proof_is_asked_for_and_once_more_after_a_day(session, organiser) -> None:
    event = make_open_event(session, organiser.id, email_proof=True)
    guest = registration.receive(session, event.id, person(), now=NOW)
    proof, nudge = outbox(session)
    assert (proof.purpose, proof.due_at) == ("registration_proof", NOW)
    assert nudge.purpose == "registration_proof_nudge"
    assert nudge.due_at == NOW + timedelta(hours=24)
    registration.prove(session, holder_of(guest), now=NOW + timedelta(hours=1))
    states = {row.purpose: row.state for row in outbox(session)}
    assert states["registration_proof_nudge"] == "cancelled"
    assert states["registration_confirmed"] == "pending"


def test_an_address_that_was_never_proved_hears_no_more(session, organiser) -> None:
    event = make_open_event(session, organiser.id, email_proof=True)
    registration.receive(session, event.id, person(), now=NOW)
    registration.expire_proofs(session, event.id, now=NOW + timedelta(days=9))
    assert [(row.purpose, row.state) for row in outbox(session)] == [
        ("registration_proof", "cancelled"),
        ("registration_proof_nudge", "cancelled"),
    ]


def test_a_known_address_hears_of_it_once_an_hour(session, organiser) -> None:
    event = make_open_event(session, organiser.id)
    guest = person()
    for minutes in (0, 1, 2, 90):
        now = NOW + timedelta(minutes=minutes)
        registration.receive(session, event.id, dict(guest), now=now)
    assert len(outbox(session, "registration_repeated")) == 2


def test_a_sold_out_public_registration_is_told_by_mail(session, organiser) -> None:
    event = make_open_event(session, organiser.id, capacity=0, waiting_list=False)
    registration.receive(session, event.id, person(), now=NOW)
    assert [row.purpose for row in outbox(session)] == ["registration_refused"]


def test_each_new_link_is_mailed(session, event) -> None:
    guest = make_registration(session, event)
    for minutes in (1, 2):
        now = NOW + timedelta(minutes=minutes)
        registration.renew_link(
            session, ACTOR, event.id, guest.id, deliver="mail", secret=SECRET, now=now
        )
    assert len(outbox(session, "private_link")) == 2


def test_a_booking_is_not_mailed_but_a_promotion_is(session, organiser) -> None:
    event = make_open_event(session, organiser.id)
    item = make_workshop(session, event, capacity=1)
    first, second = make_registration(session, event), make_registration(session, event)
    seat = make_booking(session, item, first)
    make_booking(session, item, second)
    assert {row.purpose for row in outbox(session)} == {"registration_confirmed"}
    bookings.cancel_booking(session, ACTOR, event.id, seat.id, now=NOW)
    (row,) = outbox(session, "booking_promoted")
    assert row.recipient_id == second.participant_id
    assert row.payload == {"item_id": item.id, "registration_id": second.id}


def test_who_registers_again_is_reminded_again(session, organiser) -> None:
    """The person stays the same, so the rows dropped with the first registration wake."""
    event = make_open_event(session, organiser.id)
    who = person()
    guest = registration.register(session, ACTOR, event.id, dict(who), now=NOW)
    plan(session, "2027-04-27T12:00")
    registration.cancel(session, ACTOR, event.id, guest.id, now=vienna("2027-04-27T13:00"))
    (row,) = outbox(session, "practical_information")
    assert (row.state, row.cancelled_reason) == ("cancelled", "registration cancelled")
    again = registration.register(
        session, ACTOR, event.id, dict(who), now=vienna("2027-04-27T14:00")
    )
    assert again.participant_id == guest.participant_id
    plan(session, "2027-04-27T14:01")
    (row,) = outbox(session, "practical_information")
    assert (row.state, row.cancelled_reason, row.ended_at) == ("pending", None, None)


def test_a_seat_given_back_and_booked_again_is_reminded_of(session, organiser) -> None:
    event = make_open_event(session, organiser.id)
    item = make_workshop(session, event, mode="online")
    guest = make_registration(session, event)
    seat = make_booking(session, item, guest)
    plan(session, "2027-05-04T12:00")
    assert [row.state for row in outbox(session, "starting_soon")] == ["pending"]
    bookings.cancel_booking(session, ACTOR, event.id, seat.id, now=vienna("2027-05-04T13:00"))
    assert [row.state for row in outbox(session, "starting_soon")] == ["cancelled"]
    make_booking(session, item, guest, now=vienna("2027-05-04T14:00"))
    plan(session, "2027-05-04T14:01")
    assert [row.state for row in outbox(session, "starting_soon")] == ["pending"]


def test_the_archive_tells_nobody_anything(session, event) -> None:
    event.recorded = True
    session.flush()
    make_registration(session, event)
    assert outbox(session) == []


def test_many_dropped_rows_wake_at_once(session, organiser) -> None:
    event = make_open_event(session, organiser.id)
    item = make_workshop(session, event, mode="online")
    guests = [make_registration(session, event) for _ in range(3)]
    seats = [make_booking(session, item, guest) for guest in guests]
    plan(session, "2027-05-04T12:00")
    for seat in seats:
        now = vienna("2027-05-04T13:00")
        bookings.cancel_booking(session, ACTOR, event.id, seat.id, now=now)
    for guest in guests:
        make_booking(session, item, guest, now=vienna("2027-05-04T14:00"))
    plan(session, "2027-05-04T14:01")
    assert [row.state for row in outbox(session, "starting_soon")] == ["pending"] * 3
