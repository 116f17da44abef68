"""Reminders are true at the moment they are sent, or not sent (delivery.md §3)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from eventsvc.bookings import actions as bookings
from eventsvc.events import actions as events
from eventsvc.post.policy import Letter
from eventsvc.registration import actions as registration
from eventsvc.visits import actions as visits
from eventsvc.visits.queries import bus_for, stop_for, visit_for
from tests.factories.agenda import make_session
from tests.factories.bookings import make_booking, make_workshop
from tests.factories.events import ACTOR, ENDS, STARTS, make_venue
from tests.factories.registration import make_open_event, make_registration
from tests.factories.visits import make_bus, make_stop, make_visit
from tests.post.queries.letters.support import ended, letter, written
from tests.reminders.support import plan, vienna

HOUR = timedelta(hours=1)


@pytest.fixture
def event(session, organiser):
    return make_open_event(session, organiser.id, title="Example Days")


def test_practical_information_says_the_true_number_of_days(session, event) -> None:
    make_venue(session, event, arrival="Tram 2.")
    guest = make_registration(session, event)
    make_booking(session, make_workshop(session, event, title="Hydrogen"), guest)
    plan(session, "2027-04-28T08:00")
    on_time = written(session, "practical_information", vienna("2027-04-28T09:00"))
    assert on_time.subject == "In 7 days: Example Days"
    for words in ("Tram 2.", "10:00–11:00  Hydrogen", "Example Hall, Vienna, Austria"):
        assert words in on_time.text
    late = written(session, "practical_information", vienna("2027-05-01T20:00"))
    assert late.subject == "In 4 days: Example Days"


def test_late_by_more_than_half_of_its_offset_it_expires(session, event) -> None:
    make_registration(session, event)
    plan(session, "2027-04-29T12:00")
    assert ended(session, "practical_information", vienna("2027-05-01T21:01")) == (
        "expired",
        "too late",
    )
    plan(session, "2027-05-04T12:00")
    written(session, "day_ahead", vienna("2027-05-05T01:00"))
    assert ended(session, "day_ahead", vienna("2027-05-05T02:00"))[0] == "expired"


def test_your_day_shows_what_is_on_for_this_person(session, event) -> None:
    opening = make_session(session, event, hour=0, title="Opening", type="plenary")
    opening.visible = True
    mine = make_workshop(session, event, hour=2, title="Mine")
    full = make_workshop(session, event, hour=4, title="Waited for", capacity=0)
    make_workshop(session, event, hour=4, title="Of others").visible = True
    tomorrow = make_session(session, event, hour=25, title="Closing", type="plenary")
    tomorrow.visible = mine.visible = full.visible = True
    guest = make_registration(session, event)
    make_booking(session, mine, guest)
    make_booking(session, full, guest)
    plan(session, "2027-05-04T12:00")
    text = written(session, "day_ahead", vienna("2027-05-04T18:00")).text
    assert "09:00–10:00  Opening" in text
    assert "11:00–12:00  Mine" in text
    assert "Waited for (waiting list)" in text
    assert "Of others" not in text
    assert "Closing" not in text
    assert "Central European Summer Time" in text


def test_after_midnight_tomorrow_is_today(session, event) -> None:
    make_registration(session, event)
    plan(session, "2027-05-04T12:00")
    evening, night = vienna("2027-05-04T18:00"), vienna("2027-05-05T00:10")
    assert written(session, "day_ahead", evening).subject == "Your day tomorrow: Example Days"
    assert written(session, "day_ahead", night).subject == "Your day today: Example Days"


def test_one_hour_before_with_link_and_bus(session, event) -> None:
    guest = make_registration(session, event)
    talk = make_workshop(
        session, event, mode="online", title="Talk", join_url="https://meet.example.org/t"
    )
    visit = make_visit(session, event, bookable=True, title="Steel works")
    bus = make_bus(session, event, visit, name="Bus 7")
    make_stop(session, event, bus, place="Main Station")
    make_booking(session, talk, guest)
    make_booking(session, visit.item, guest)
    plan(session, "2027-05-05T08:00")
    online = written(session, "starting_soon", vienna("2027-05-05T09:02"), subject_id=talk.id)
    assert "Talk begins in 58 minutes." in online.text
    assert "https://meet.example.org/t" in online.text
    by_bus = written(session, "starting_soon", vienna("2027-05-05T12:30"), subject_id=bus.id)
    assert by_bus.subject == "13:30: Steel works"
    assert "Bus 7 to Steel works leaves at 13:30." in by_bus.text
    assert "Bus 7: 13:30 from Main Station" in by_bus.text


def test_a_reminder_can_be_unsubscribed(session, event) -> None:
    make_registration(session, event)
    plan(session, "2027-05-04T12:00")
    found = letter(session, "day_ahead", vienna("2027-05-04T18:00"))
    assert isinstance(found, Letter)
    assert (found.list_name, found.unsubscribe_scope) == ("reminders", f"event:{event.id}")


def test_what_changed_after_planning_is_dropped(session, event) -> None:
    guest = make_registration(session, event)
    talk = make_workshop(session, event, mode="online")
    visit = make_visit(session, event, bookable=True)
    bus = make_bus(session, event, visit)
    stop = make_stop(session, event, bus)
    seat = make_booking(session, talk, guest)
    make_booking(session, visit.item, guest)
    plan(session, "2027-05-05T08:00")
    now = vienna("2027-05-05T08:30")
    bookings.cancel_booking(session, ACTOR, event.id, seat.id, now=now)
    gone = ("cancelled", "booking cancelled")
    assert ended(session, "starting_soon", now, subject_id=talk.id) == gone
    carrier = bus_for(session, visit_for(session, event, visit.id), bus.id)
    values = {"leaves_at": stop.leaves_at - timedelta(minutes=10)}
    visits.change_stop(session, ACTOR, event, stop_for(carrier, stop.id), values, now=now)
    moved = ("cancelled", "moved")
    assert ended(session, "starting_soon", now, subject_id=bus.id) == moved
    registration.cancel(session, ACTOR, event.id, guest.id, now=now)
    assert ended(session, "day_ahead", now) == ("cancelled", "registration cancelled")


def test_a_move_makes_claimed_reminders_old(session, event) -> None:
    make_registration(session, event)
    plan(session, "2027-04-28T08:00")
    values = {"starts_at": STARTS + 24 * HOUR, "ends_at": ENDS + 24 * HOUR}
    now = vienna("2027-04-28T09:00")
    events.change_event(session, ACTOR, event, values, now=now)
    assert ended(session, "practical_information", now, revision=0) == ("cancelled", "moved")
    events.transition(session, ACTOR, event, "postponed", reason="x", now=now)
    assert ended(session, "practical_information", now) == ("cancelled", "event postponed")
