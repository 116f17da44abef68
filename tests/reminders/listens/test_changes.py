"""Moves, postponements and cancellations (delivery.md §3, editions.md §7)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from eventsvc.agenda import actions as agenda
from eventsvc.agenda.queries import item_for
from eventsvc.events import actions as events
from eventsvc.visits import actions as visits
from eventsvc.visits.queries import bus_for, stop_for, visit_for
from tests.factories.bookings import make_booking, make_workshop
from tests.factories.events import ACTOR, ENDS, NOW, STARTS
from tests.factories.registration import make_open_event, make_registration
from tests.factories.visits import make_bus, make_stop, make_visit
from tests.reminders.support import outbox, plan, statements, vienna

HOUR = timedelta(hours=1)
WEEK = timedelta(days=7)


@pytest.fixture
def event(session, organiser):
    return make_open_event(session, organiser.id)


def move(session, event, by: timedelta, now=NOW) -> None:
    values = {"starts_at": STARTS + by, "ends_at": ENDS + by}
    events.change_event(session, ACTOR, event, values, now=now)


def test_a_moved_event_cancels_old_reminders_and_tells_everybody(session, event) -> None:
    guests = [make_registration(session, event) for _ in range(3)]
    now = vienna("2027-04-27T12:00")
    plan(session, now)
    move(session, event, WEEK, now=now)
    old = outbox(session, "practical_information")
    assert {(row.state, row.cancelled_reason, row.revision) for row in old} == {
        ("cancelled", "moved", 0)
    }
    moved = outbox(session, "event_moved")
    assert {row.recipient_id for row in moved} == {guest.participant_id for guest in guests}
    assert {(row.revision, row.subject_id, row.priority) for row in moved} == {(1, event.id, 0)}
    assert moved[0].payload["old_start"] == STARTS.isoformat()
    plan(session, "2027-05-04T12:00")
    new = outbox(session, "practical_information", revision=1)
    assert [row.due_at for row in new] == [vienna("2027-05-05T09:00")] * 3


def test_a_small_move_keeps_reminders_and_mails_nobody(session, event) -> None:
    make_registration(session, event)
    plan(session, "2027-04-27T12:00")
    move(session, event, timedelta(minutes=4), now=vienna("2027-04-27T13:00"))
    assert [row.state for row in outbox(session, "practical_information")] == ["pending"]
    assert outbox(session, "event_moved") == []


def test_moved_nearer_than_the_offset_makes_no_reminder_of_days(session, event) -> None:
    make_registration(session, event)
    now = vienna("2027-04-26T12:00")
    move(session, event, -WEEK, now=now)
    plan(session, now)
    assert outbox(session, "practical_information") == []


def test_moving_an_event_with_its_agenda_is_one_mail_per_person(session, event) -> None:
    guest = make_registration(session, event)
    make_booking(session, make_workshop(session, event), guest)
    move(session, event, WEEK)
    assert [row.purpose for row in outbox(session, recipient_id=guest.participant_id)] == [
        "registration_confirmed",
        "event_moved",
    ]


def test_an_unsent_older_move_is_dropped_for_the_newer(session, event) -> None:
    make_registration(session, event)
    move(session, event, WEEK)
    move(session, event, 2 * WEEK, now=NOW + HOUR)
    assert [(row.revision, row.state) for row in outbox(session, "event_moved")] == [
        (1, "cancelled"),
        (2, "pending"),
    ]


def test_a_cancelled_event_drops_all_and_tells_all(session, organiser) -> None:
    event = make_open_event(session, organiser.id, capacity=1)
    make_registration(session, event)
    make_registration(session, event)
    events.transition(session, ACTOR, event, "cancelled", reason="No hall", now=NOW)
    rows = outbox(session, event_id=event.id)
    assert sorted((row.purpose, row.state) for row in rows) == [
        ("event_cancelled", "pending"),
        ("event_cancelled", "pending"),
        ("registration_confirmed", "cancelled"),
        ("registration_waitlisted", "cancelled"),
    ]
    assert rows[-1].payload["reason"] == "No hall"


def test_postponed_and_taken_up_again_wakes_the_reminders(session, event) -> None:
    make_registration(session, event)
    plan(session, "2027-04-27T12:00")
    for to, hour in (("postponed", 13), ("published", 14)):
        now = vienna(f"2027-04-27T{hour}:00")
        events.transition(session, ACTOR, event, to, reason="x", now=now)
        plan(session, now)
        (row,) = outbox(session, "practical_information")
        assert row.state == ("cancelled" if to == "postponed" else "pending")
    assert len(outbox(session, "event_postponed")) == 1


def test_a_cancelled_session_is_told_to_who_had_a_seat(session, event) -> None:
    item = make_workshop(session, event, capacity=1, mode="online")
    seated, waits, _ = (make_registration(session, event) for _ in range(3))
    make_booking(session, item, seated)
    make_booking(session, item, waits)
    plan(session, "2027-05-04T12:00")
    agenda.transition_item(
        session, ACTOR, event, item, "cancelled", reason="Ill", now=vienna("2027-05-04T13:00")
    )
    (row,) = outbox(session, "session_cancelled")
    assert row.recipient_id == seated.participant_id
    assert row.payload["reason"] == "Ill"
    assert [row.state for row in outbox(session, "starting_soon")] == ["cancelled"]


def test_a_moved_session_is_told_to_who_has_a_seat(session, event) -> None:
    item = make_workshop(session, event, mode="online")
    guest, _ = make_registration(session, event), make_registration(session, event)
    make_booking(session, item, guest)
    now = vienna("2027-05-04T12:00")
    plan(session, now)
    item = item_for(session, event, item.id)
    values = {"starts_at": item.starts_at + HOUR, "ends_at": item.ends_at + HOUR}
    agenda.change_item(session, ACTOR, event, item, values, now=now)
    (row,) = outbox(session, "session_moved")
    assert (row.recipient_id, row.revision) == (guest.participant_id, 1)
    plan(session, now + timedelta(minutes=1))
    soon = outbox(session, "starting_soon")
    assert [(row.revision, row.state) for row in soon] == [(0, "cancelled"), (1, "pending")]


def test_a_departure_that_changes_is_planned_anew_and_others_are_not_told_twice(
    session, event
) -> None:
    visit = make_visit(session, event, bookable=True)
    buses = [make_bus(session, event, visit) for _ in range(2)]
    stops = [make_stop(session, event, bus) for bus in buses]
    for bus in buses:
        guest = make_registration(session, event)
        make_booking(session, visit.item, guest, bus_id=bus.id)
    now = vienna("2027-05-05T08:00")
    plan(session, now)
    first = outbox(session, "starting_soon")
    assert len(first) == 2
    values = {"leaves_at": stops[0].leaves_at - timedelta(minutes=20)}
    bus = bus_for(session, visit_for(session, event, visit.id), buses[0].id)
    visits.change_stop(session, ACTOR, event, stop_for(bus, stops[0].id), values, now=now)
    plan(session, now + timedelta(minutes=1))
    pending = outbox(session, "starting_soon", state="pending")
    assert {row.subject_id: row.due_at for row in pending} == {
        buses[0].id: stops[0].leaves_at - HOUR,
        buses[1].id: stops[1].leaves_at - HOUR,
    }


def test_many_people_are_told_with_few_statements(session, event) -> None:
    counts = []
    for number in (1, 30):
        for _ in range(number):
            make_registration(session, event)
        session.flush()
        with statements(session) as seen:
            move(session, event, WEEK * len(counts) + WEEK, now=NOW + HOUR * len(counts))
        counts.append(len([one for one in seen if "outbox" in one]))
    assert counts[0] == counts[1]
    assert len(outbox(session, "event_moved", revision=2)) == 31
