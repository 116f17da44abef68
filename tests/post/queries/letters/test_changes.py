"""Letters about moves and cancellations, of events and of seats."""

from __future__ import annotations

from datetime import timedelta

import pytest

from eventsvc.agenda import actions as agenda
from eventsvc.agenda.queries import item_for
from eventsvc.bookings import actions as bookings
from eventsvc.events import actions as events
from tests.factories.bookings import make_booking, make_workshop
from tests.factories.events import ACTOR, ENDS, NOW, STARTS
from tests.factories.registration import make_open_event, make_registration
from tests.post.queries.letters.support import ended, written

HOUR = timedelta(hours=1)
WEEK = timedelta(days=7)


@pytest.fixture
def event(session, organiser):
    return make_open_event(session, organiser.id)


def test_a_move_says_both_dates_and_an_outdated_one_is_dropped(session, event) -> None:
    make_registration(session, event)
    for weeks in (1, 2):
        values = {"starts_at": STARTS + weeks * WEEK, "ends_at": ENDS + weeks * WEEK}
        events.change_event(session, ACTOR, event, values, now=NOW)
    text = written(session, "event_moved", NOW, revision=2).text
    assert "When: Wednesday, 19 May 2027, 09:00" in text
    assert "Until now it was Wednesday, 12 May 2027, 09:00" in text
    assert ended(session, "event_moved", NOW, revision=1) == ("cancelled", "moved again")
    assert ended(session, "event_moved", STARTS + 3 * WEEK, revision=2)[0] == "expired"


def test_postponed_and_cancelled(session, event) -> None:
    make_registration(session, event)
    events.transition(session, ACTOR, event, "postponed", reason="Storm <B>", now=NOW)
    text = written(session, "event_postponed", NOW).text
    assert "The planned time was Wednesday, 5 May 2027, 09:00" in text
    assert "Storm <B>" in text
    events.transition(session, ACTOR, event, "cancelled", reason="No hall", now=NOW)
    assert ended(session, "event_postponed", NOW) == ("cancelled", "event cancelled")
    cancelled = written(session, "event_cancelled", NOW)
    assert "Reason: No hall" in cancelled.text


def test_a_seat_from_the_waiting_list(session, event) -> None:
    item = make_workshop(session, event, capacity=1, title="Hydrogen")
    first, second = (make_registration(session, event) for _ in range(2))
    seat = make_booking(session, item, first)
    mine = make_booking(session, item, second)
    bookings.cancel_booking(session, ACTOR, event.id, seat.id, now=NOW)
    assert written(session, "booking_promoted", NOW).subject == "You have a seat now: Hydrogen"
    assert ended(session, "booking_promoted", STARTS + 9 * HOUR)[0] == "expired"
    bookings.cancel_booking(session, ACTOR, event.id, mine.id, now=NOW)
    assert ended(session, "booking_promoted", NOW) == ("cancelled", "booking cancelled")


def test_an_offered_seat_until_the_offer_ends(session, event) -> None:
    item = make_workshop(session, event, capacity=1)
    first, second = (make_registration(session, event) for _ in range(2))
    seat = make_booking(session, item, first)
    make_booking(session, item, second)
    now = STARTS - 3 * 24 * HOUR
    bookings.cancel_booking(session, ACTOR, event.id, seat.id, now=now)
    assert "is kept for you until" in written(session, "booking_offered", now).text
    late = now + 25 * HOUR
    assert ended(session, "booking_offered", late) == ("expired", "offer ended")


def test_a_session_that_moves_and_is_then_cancelled(session, event) -> None:
    item = make_workshop(session, event, title="Hydrogen")
    make_booking(session, item, make_registration(session, event))
    item = item_for(session, event, item.id)
    values = {"starts_at": item.starts_at + HOUR, "ends_at": item.ends_at + HOUR}
    agenda.change_item(session, ACTOR, event, item, values, now=NOW)
    text = written(session, "session_moved", NOW).text
    assert "Wednesday, 5 May 2027, 11:00–12:00" in text
    assert "Until now it was Wednesday, 5 May 2027, 10:00" in text
    agenda.transition_item(session, ACTOR, event, item, "cancelled", reason="Ill", now=NOW)
    assert ended(session, "session_moved", NOW) == ("cancelled", "session cancelled")
    cancelled = written(session, "session_cancelled", NOW)
    assert cancelled.subject == "Cancelled: Hydrogen"
    assert "Reason: Ill" in cancelled.text
