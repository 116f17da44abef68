"""What there is to be reminded of, person by person (editions.md §7.20)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from eventsvc.reminders.plan import (
    DAY_AHEAD,
    DAY_S,
    PRACTICAL,
    STARTING_SOON,
    Edition,
    Guest,
    Rules,
    Seat,
    occasions,
    offsets_in_force,
    runs_on,
    wanted,
)

BERLIN = "Europe/Berlin"
STARTS = datetime(2027, 5, 5, 7, tzinfo=UTC)
ENDS = datetime(2027, 5, 6, 15, tzinfo=UTC)
LONG_AGO = datetime(2027, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
HORIZON = timedelta(hours=24)


def guest(person: str = "a", **changes: Any) -> Guest:
    values = {"contact_id": "c", "locale": "en", "zone": None, "online": False, "since": LONG_AGO}
    return Guest(participant_id=person, **(values | changes))


def seat(person: str = "a", **changes: Any) -> Seat:
    values = {
        "item_id": "item",
        "item_kind": "session",
        "online": False,
        "starts_at": STARTS + 2 * HOUR,
        "day": date(2027, 5, 5),
        "revision": 0,
        "since": LONG_AGO,
    }
    return Seat(participant_id=person, **(values | changes))


def edition(**changes: Any) -> Edition:
    values = {
        "event_id": "event",
        "organiser_id": "organiser",
        "zone": BERLIN,
        "starts_at": STARTS,
        "ends_at": ENDS,
        "starts_rev": 3,
        "guests": (guest(),),
    }
    return Edition(**(values | changes))


def purposes(one: Edition, now: datetime = STARTS - 20 * HOUR) -> list[tuple[str, str, int]]:
    found = occasions(one, now=now, horizon=HORIZON)
    return [(o.purpose, o.subject_type, o.revision) for o in found]


def test_a_guest_on_site_gets_practical_information_and_the_day() -> None:
    two_days_before = STARTS - 40 * HOUR
    assert purposes(edition(), two_days_before) == [
        (PRACTICAL, "event", 3),
        (DAY_AHEAD, "person-day", 3),
    ]


def test_a_guest_online_also_hears_an_hour_before() -> None:
    found = purposes(edition(guests=(guest(online=True),)))
    assert (STARTING_SOON, "event", 3) in found


def test_seats_ring_for_buses_and_online_items_only() -> None:
    leaves = STARTS + HOUR
    seats = (
        seat(),
        seat(item_id="talk", online=True, revision=5),
        seat(item_id="visit", item_kind="visit", bus_id="bus", leaves_at=leaves, revision=7),
        seat(item_id="walk", item_kind="visit"),
        seat(item_id="no stops", item_kind="visit", bus_id="empty"),
    )
    found = [o for o in occasions(edition(seats=seats), now=STARTS - HOUR, horizon=HORIZON)
             if o.purpose == STARTING_SOON]  # fmt: skip
    assert [(o.subject_type, o.subject_id, o.revision, o.starts_at) for o in found] == [
        ("session", "talk", 5, STARTS + 2 * HOUR),
        ("bus", "bus", 7, leaves),
    ]


def test_the_day_begins_with_the_first_thing_the_person_must_be_at() -> None:
    opens = {date(2027, 5, 6): datetime(2027, 5, 6, 7, tzinfo=UTC)}
    bus = seat(
        day=date(2027, 5, 6),
        starts_at=datetime(2027, 5, 6, 6, 30, tzinfo=UTC),
        bus_id="bus",
        leaves_at=datetime(2027, 5, 6, 5, tzinfo=UTC),
    )
    one = edition(opens=opens, seats=(bus,), guests=(guest(), guest("b")))
    found = [o for o in occasions(one, now=STARTS + HOUR, horizon=HORIZON)
             if o.purpose == DAY_AHEAD and o.subject_id.endswith("2027-05-06")]  # fmt: skip
    assert [(o.recipient_id, o.starts_at.hour) for o in found] == [("a", 5), ("b", 7)]


def test_rules_add_offsets_and_switch_them_off() -> None:
    offsets = offsets_in_force([(PRACTICAL, 2 * DAY_S, True), (DAY_AHEAD, DAY_S, False)])
    assert offsets[PRACTICAL] == {2 * DAY_S, 7 * DAY_S}
    assert offsets[DAY_AHEAD] == frozenset()
    assert (DAY_AHEAD, "person-day", 3) not in purposes(edition(rules=Rules(offsets)))


def test_an_event_runs_on_its_days_by_the_clocks_of_the_place() -> None:
    midnight = datetime(2027, 5, 6, 22, tzinfo=UTC)  # 7 May, 00:00 in Berlin
    days = [date(2027, 5, day) for day in (4, 5, 6, 7)]
    assert [runs_on(STARTS, midnight, day, BERLIN) for day in days] == [False, True, True, False]


@given(
    st.integers(0, 12 * DAY_S),
    st.lists(
        st.tuples(st.sampled_from("ab"), st.integers(-DAY_S, DAY_S), st.booleans()), max_size=5
    ),
)
def test_whatever_the_seats_each_key_is_wanted_once_and_before_its_start(
    before_s: int, chosen: list[tuple[str, int, bool]]
) -> None:
    seats = tuple(
        seat(
            person,
            item_id=f"item {n}",
            online=online,
            starts_at=STARTS + timedelta(seconds=shift),
            day=(STARTS + timedelta(seconds=shift)).date(),
        )
        for n, (person, shift, online) in enumerate(chosen)
    )
    one = edition(guests=(guest(online=True), guest("b")), seats=seats)
    now = ENDS - timedelta(seconds=before_s)
    found = wanted(occasions(one, now=now, horizon=HORIZON), now=now, horizon=HORIZON)
    keys = [message.key for message in found]
    assert len(keys) == len(set(keys))
    assert all(message.due_at < message.not_after for message in found)
    assert all(message.not_after > now for message in found)
