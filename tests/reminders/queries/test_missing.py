"""Wanted set − existing rows, from the database, in a fixed number of queries (delivery.md §3)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from eventsvc.core.rights import system
from eventsvc.events import actions as events
from eventsvc.reminders.models import ReminderRule
from eventsvc.reminders.queries import missing
from tests.factories.agenda import make_session
from tests.factories.bookings import make_booking, make_workshop
from tests.factories.registration import make_open_event, make_registration
from tests.factories.visits import make_bus, make_stop, make_visit
from tests.reminders.support import HORIZON, outbox, plan, statements, vienna

ACTOR = system("test")


@pytest.fixture
def event(session, organiser):
    return make_open_event(session, organiser.id)  # 5 May 09:00 to 6 May 17:00 in Vienna


def purposes(session) -> list[tuple[str, str]]:
    names = ("practical_information", "day_ahead", "starting_soon")
    return [(row.purpose, row.state) for row in outbox(session) if row.purpose in names]


def test_practical_information_a_week_before_by_the_clocks_of_the_event(session, event) -> None:
    guest = make_registration(session, event)
    assert plan(session, "2027-04-27T08:59") == 0
    assert plan(session, "2027-04-27T09:00") == 1
    (row,) = outbox(session, "practical_information")
    assert row.due_at == vienna("2027-04-28T09:00")
    assert row.not_after == event.starts_at
    assert (row.subject_type, row.subject_id, row.offset_s) == ("event", event.id, 604_800)
    assert row.recipient_id == guest.participant_id
    assert (row.priority, row.revision, row.tz) == (5, 0, "Europe/Vienna")


def test_a_planner_that_runs_again_or_was_down_makes_each_row_once(session, event) -> None:
    make_registration(session, event)
    assert plan(session, "2027-04-29T12:00") == 1
    assert plan(session, "2027-04-29T12:01") == 0
    assert plan(session, "2027-05-04T12:00") == 1
    assert plan(session, "2027-05-05T03:00") == 1
    days = [row.subject_id.rpartition(":")[2] for row in outbox(session, "day_ahead")]
    assert days == ["2027-05-05", "2027-05-06"]
    assert [row.due_at for row in outbox(session, "day_ahead")] == [
        vienna("2027-05-04T18:00"),
        vienna("2027-05-05T18:00"),
    ]


def test_a_day_outside_the_event_is_told_to_whoever_has_something_on(session, event) -> None:
    guest, _other = make_registration(session, event), make_registration(session, event)
    early = make_workshop(session, event)
    make_booking(session, early, guest)
    early.starts_wall, early.ends_wall = datetime(2027, 5, 4, 13), datetime(2027, 5, 4, 14)
    early.starts_at, early.ends_at = vienna("2027-05-04T13:00"), vienna("2027-05-04T14:00")
    session.flush()
    plan(session, "2027-05-03T10:00")
    rows = outbox(session, "day_ahead")
    assert [row.subject_id for row in rows] == [f"{guest.participant_id}:2027-05-04"]
    assert rows[0].not_after == early.starts_at


def test_one_hour_before_buses_and_online_items_and_nothing_else(session, event) -> None:
    guest = make_registration(session, event)
    hall = make_workshop(session, event, hour=1)
    talk = make_workshop(session, event, hour=3, mode="online")
    visit = make_visit(session, event, bookable=True)
    bus = make_bus(session, event, visit)
    first = make_stop(session, event, bus)
    make_stop(session, event, bus, leaves_at=first.leaves_at + timedelta(minutes=10))
    for item in (hall, talk, visit.item):
        make_booking(session, item, guest)
    plan(session, "2027-05-05T00:00")
    rows = outbox(session, "starting_soon")
    assert [(row.subject_type, row.subject_id) for row in rows] == [
        ("session", talk.id),
        ("bus", bus.id),
    ]
    hour = timedelta(hours=1)
    assert [row.due_at for row in rows] == [talk.starts_at - hour, first.leaves_at - hour]


def test_an_online_guest_is_reminded_of_the_event_and_of_its_sessions(session, organiser) -> None:
    event = make_open_event(session, organiser.id, mode="hybrid", capacity_online=9)
    guest = make_registration(session, event, mode="online")
    make_booking(session, make_workshop(session, event, hour=2), guest)
    plan(session, "2027-05-05T00:00")
    assert [row.subject_type for row in outbox(session, "starting_soon")] == ["event", "session"]


def test_only_published_and_running_events_and_people_with_a_place(session, organiser) -> None:
    event = make_open_event(session, organiser.id, capacity=1)
    make_registration(session, event)
    waits = make_registration(session, event)
    plan(session, "2027-04-28T12:00")
    assert waits.participant_id not in {
        row.recipient_id for row in outbox(session, event_id=event.id) if row.offset_s
    }
    events.transition(
        session, ACTOR, event, "cancelled", reason="x", now=vienna("2027-04-28T13:00")
    )
    plan(session, "2027-05-04T12:00")
    assert purposes(session) == [("practical_information", "cancelled")]


@pytest.mark.parametrize(
    ("rules", "offsets"),
    [
        ([], [604_800]),
        ([(604_800, False)], []),
        ([(604_800, False), (172_800, True)], [172_800]),
        ([(172_800, True)], [604_800, 172_800]),
    ],
)
def test_rules_of_an_event_add_and_switch_off(session, event, rules, offsets) -> None:
    make_registration(session, event)
    for offset_s, active in rules:
        rule = ReminderRule(
            event_id=event.id, purpose="practical_information", offset_s=offset_s, active=active
        )
        session.add(rule)
    session.flush()
    plan(session, "2027-05-03T09:00")
    assert [row.offset_s for row in outbox(session, "practical_information")] == offsets


def test_registered_three_hours_before_gets_the_hour_and_no_days(session, organiser) -> None:
    event = make_open_event(session, organiser.id, mode="hybrid", capacity_online=9)
    now = vienna("2027-05-05T06:00")
    make_registration(session, event, mode="online", now=now)
    plan(session, now)
    soon, second_day = purposes(session)
    assert soon == ("starting_soon", "pending")
    assert second_day[0] == "day_ahead"


def test_a_reminder_right_after_the_confirmation_is_superseded(session, event) -> None:
    make_registration(session, event, now=vienna("2027-05-04T17:40"))
    plan(session, "2027-05-04T17:41")
    (row,) = outbox(session, "day_ahead")
    assert (row.state, row.cancelled_reason) == ("cancelled", "superseded")
    assert plan(session, "2027-05-04T17:42") == 0


def test_a_fixed_number_of_queries_at_one_and_at_many(session, organiser) -> None:
    counts = []
    for number in (1, 5):
        for _ in range(number):
            event = make_open_event(session, organiser.id)
            make_session(session, event, hour=0)
            item = make_workshop(session, event, hour=2, mode="online")
            for _ in range(number):
                make_booking(session, item, make_registration(session, event))
        session.flush()
        with statements(session) as seen:
            found = missing(session, now=vienna("2027-05-04T20:00"), horizon=HORIZON)
        counts.append((len(seen), sum(len(one.messages) for one in found)))
    (one, few), (many, lot) = counts
    assert one == many <= 8, counts
    assert lot > 5 * few
