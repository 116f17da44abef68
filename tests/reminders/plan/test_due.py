"""When reminders are due (delivery.md §3): rules one by one, and properties over all of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsvc.reminders.plan import (
    DAY_S,
    Occasion,
    evening_before,
    first_known_zone,
    is_too_late,
    offset_before,
    out_of_quiet_hours,
    wanted,
)

BERLIN, TOKYO, APIA = "Europe/Berlin", "Asia/Tokyo", "Pacific/Apia"
LONG_AGO = datetime(2027, 1, 1, tzinfo=UTC)
HORIZON = timedelta(hours=24)


def at(text: str, zone: str = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def occasion(starts: str | datetime = "2027-05-05T09:00", **changes) -> Occasion:
    starts_at = at(starts) if isinstance(starts, str) else starts
    values = {
        "purpose": "practical_information",
        "subject_type": "event",
        "subject_id": "event-1",
        "offset_s": 7 * DAY_S,
        "revision": 0,
        "recipient_id": "person-1",
        "starts_at": starts_at,
        "zone": BERLIN,
        "quiet_zone": BERLIN,
        "since": LONG_AGO,
    }
    return Occasion(**(values | changes))


def due_of(one: Occasion, now: str) -> datetime:
    (message,) = wanted([one], now=at(now), horizon=HORIZON)
    return message.due_at


# --- due ------------------------------------------------------------------------------------


def test_an_offset_of_days_keeps_the_wall_time_when_clocks_change() -> None:
    start = at("2027-03-28T18:00")  # clocks went forward that night
    assert offset_before(start, DAY_S, BERLIN) == at("2027-03-27T18:00")
    assert start - offset_before(start, DAY_S, BERLIN) == timedelta(hours=23)


def test_an_offset_below_a_day_is_elapsed_time() -> None:
    start = at("2027-03-28T04:00")
    assert offset_before(start, 6 * 3600, BERLIN) == start - timedelta(hours=6)
    assert offset_before(start, 6 * 3600, BERLIN) == at("2027-03-27T21:00")


def test_a_wall_time_that_clocks_skip_is_still_before_the_start() -> None:
    start = at("2027-03-29T02:30")
    assert offset_before(start, DAY_S, BERLIN) == at("2027-03-28T03:30")
    skipped_day = datetime(2011, 12, 31, 9, tzinfo=ZoneInfo(APIA))
    assert offset_before(skipped_day, DAY_S, APIA) < skipped_day


def test_the_day_ahead_is_told_at_18_of_the_event_the_evening_before() -> None:
    assert evening_before(date(2027, 5, 5), BERLIN) == at("2027-05-04T18:00")
    assert evening_before(date(2027, 3, 28), BERLIN) == at("2027-03-27T18:00")


# --- what is wanted -------------------------------------------------------------------------


def test_wanted_from_24_hours_ahead_until_the_start() -> None:
    one = occasion()
    due = at("2027-04-28T09:00")
    assert wanted([one], now=due - HORIZON - timedelta(seconds=1), horizon=HORIZON) == []
    assert due_of(one, "2027-04-27T09:00") == due
    assert due_of(one, "2027-05-05T08:59") == due, "a planner that was down catches up"
    assert wanted([one], now=at("2027-05-05T09:00"), horizon=HORIZON) == []


def test_an_offset_already_past_when_confirmed_makes_no_row() -> None:
    three_hours_before = at("2027-05-05T06:00")
    late = {"since": three_hours_before, "told_at": three_hours_before}
    days = occasion(**late)
    hour = occasion(purpose="starting_soon", offset_s=3600, **late)
    found = wanted([days, hour], now=three_hours_before, horizon=HORIZON)
    assert [(m.occasion.purpose, m.due_at) for m in found] == [
        ("starting_soon", at("2027-05-05T08:00"))
    ]


def test_a_reminder_soon_after_a_message_with_the_same_facts_is_superseded() -> None:
    soon = occasion(told_at=at("2027-04-28T08:31"), since=at("2027-04-28T08:31"))
    (message,) = wanted([soon], now=at("2027-04-28T08:31"), horizon=HORIZON)
    assert message.superseded
    later = occasion(told_at=at("2027-04-28T08:30"), since=at("2027-04-28T08:30"))
    (message,) = wanted([later], now=at("2027-04-28T08:31"), horizon=HORIZON)
    assert not message.superseded


def test_of_two_reminders_of_one_subject_within_30_minutes_the_nearer_to_the_start_wins() -> None:
    far, near = occasion(offset_s=DAY_S + 1200), occasion(offset_s=DAY_S)
    found = wanted([far, near], now=at("2027-05-04T08:00"), horizon=HORIZON)
    assert [message.superseded for message in found] == [True, False]
    apart = [occasion(offset_s=DAY_S + 1800), near]
    found = wanted(apart, now=at("2027-05-04T08:00"), horizon=HORIZON)
    assert not any(message.superseded for message in found)


def test_the_first_session_online_says_more_than_the_event_it_opens() -> None:
    soon = {"purpose": "starting_soon", "offset_s": 3600}
    whole = occasion(**soon)
    session = occasion("2027-05-05T09:15", subject_type="session", subject_id="s", **soon)
    found = wanted([whole, session], now=at("2027-05-05T07:00"), horizon=HORIZON)
    assert [message.superseded for message in found] == [True, False]


# --- quiet hours ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("starts", "offset_s", "due"),
    [
        ("2027-05-05T06:00", DAY_S, "2027-05-03T21:30"),  # 06:00 a day before: the evening before
        ("2027-05-05T23:00", DAY_S, "2027-05-04T21:30"),  # 23:00: the same evening, earlier
        ("2027-05-05T22:00", DAY_S, "2027-05-04T21:30"),
        ("2027-05-05T21:59", DAY_S, "2027-05-04T21:59"),
        ("2027-05-05T07:00", DAY_S, "2027-05-04T07:00"),
        ("2027-05-05T10:00", 6 * 3600, "2027-05-05T07:00"),  # 04:00: morning, three hours ahead
        ("2027-05-05T09:00", 6 * 3600, "2027-05-05T07:00"),  # exactly two hours ahead
        ("2027-05-05T08:30", 6 * 3600, "2027-05-05T02:30"),  # no two hours left: in the night
        ("2027-05-05T06:00", 3600, "2027-05-05T05:00"),  # the 1-hour reminder is never moved
    ],
)
def test_quiet_hours(starts: str, offset_s: int, due: str) -> None:
    one = occasion(starts, offset_s=offset_s)
    nominal = offset_before(one.starts_at, offset_s, BERLIN)
    assert out_of_quiet_hours(one, nominal, now=at("2027-05-01T12:00")) == at(due)


def test_an_evening_that_is_past_leaves_the_morning() -> None:
    one = occasion("2027-05-05T06:00", offset_s=DAY_S)
    nominal = at("2027-05-04T06:00")
    assert out_of_quiet_hours(one, nominal, now=at("2027-05-03T22:00")) == at("2027-05-04T07:00")


def test_quiet_hours_are_those_of_the_recipient() -> None:
    one = occasion(quiet_zone=TOKYO)  # 09:00 in Berlin is 16:00 in Tokyo
    assert due_of(one, "2027-04-28T00:00") == at("2027-04-28T09:00")
    evening = occasion("2027-05-05T18:00", quiet_zone=TOKYO)  # 01:00 in Tokyo
    assert due_of(evening, "2027-04-27T20:00") == at("2027-04-28T21:30", TOKYO)


@pytest.mark.parametrize(
    ("names", "zone"),
    [
        ((TOKYO, BERLIN), TOKYO),
        (("Mars/Olympus", BERLIN), BERLIN),
        ((None, None), "UTC"),
        (("../etc/passwd",), "UTC"),
    ],
)
def test_an_unknown_zone_falls_back_to_the_event_then_utc(names, zone: str) -> None:
    assert first_known_zone(*names) == zone


def test_late_by_more_than_half_of_the_offset_is_too_late() -> None:
    due, start = at("2027-04-28T09:00"), at("2027-05-05T09:00")
    assert not is_too_late(due, start, now=at("2027-05-01T21:00"))
    assert is_too_late(due, start, now=at("2027-05-01T21:01"))
    assert is_too_late(start - timedelta(hours=1), start, now=start)


# --- properties -----------------------------------------------------------------------------

zones = st.sampled_from([BERLIN, TOKYO, "America/New_York", "Australia/Lord_Howe", "UTC", APIA])
instants = st.integers(0, 2 * 365 * DAY_S).map(
    lambda seconds: LONG_AGO + timedelta(seconds=seconds)
)
offsets = st.one_of(
    st.sampled_from([3600, DAY_S, 7 * DAY_S]), st.integers(min_value=60, max_value=30 * DAY_S)
)


@st.composite
def occasions(draw) -> Occasion:
    starts = draw(instants)
    since = starts - timedelta(seconds=draw(st.integers(0, 40 * DAY_S)))
    return occasion(
        starts,
        offset_s=draw(offsets),
        zone=draw(zones),
        quiet_zone=draw(zones),
        since=since,
        told_at=draw(st.sampled_from([None, since])),
        subject_id=draw(st.sampled_from("abc")),
        recipient_id=draw(st.sampled_from("xy")),
        revision=draw(st.integers(0, 1)),
    )


@given(st.lists(occasions(), max_size=8), st.integers(0, 35 * DAY_S))
def test_never_after_the_start_and_at_most_one_per_key(found, before_s: int) -> None:
    now = max((one.starts_at for one in found), default=LONG_AGO) - timedelta(seconds=before_s)
    messages = wanted(found, now=now, horizon=HORIZON)
    for message in messages:
        assert message.due_at < message.occasion.starts_at == message.not_after
        assert message.due_at > message.occasion.since
        assert message.due_at <= now + HORIZON + timedelta(hours=9), "at most moved to 07:00"
    keys = [message.key for message in messages]
    assert len(keys) == len(set(keys))


@given(occasions())
def test_nobody_is_woken_by_a_reminder_of_a_day_or_more_that_could_come_earlier(one) -> None:
    early = one.starts_at - timedelta(days=60)
    one = occasion(
        one.starts_at, offset_s=one.offset_s, zone=one.zone, quiet_zone=one.quiet_zone, since=early
    )
    nominal = offset_before(one.starts_at, one.offset_s, one.zone)
    due = out_of_quiet_hours(one, nominal, now=early)
    local = due.astimezone(ZoneInfo(one.quiet_zone)).time()
    if one.offset_s >= DAY_S:
        assert time(7) <= local < time(22)
    elif due != nominal:
        assert local == time(7)
        assert one.starts_at - due >= timedelta(hours=2)


@given(instants, st.integers(1, 30), zones)
def test_days_before_are_the_same_wall_time_or_next_to_a_change_of_clocks(
    start: datetime, days: int, zone: str
) -> None:
    due = offset_before(start, days * DAY_S, zone)
    there = ZoneInfo(zone)
    same = due.astimezone(there).time() == start.astimezone(there).time()
    near = {(due + timedelta(hours=h)).astimezone(there).utcoffset() for h in (-3, 3)}
    assert same or len(near) == 2
    assert abs((start - due) - timedelta(days=days)) <= timedelta(hours=1)


@given(st.lists(instants, min_size=2, max_size=5), zones)
def test_a_later_start_is_never_reminded_of_earlier(starts, zone: str) -> None:
    dues = [offset_before(start, 7 * DAY_S, zone) for start in sorted(starts)]
    assert all(one <= other + timedelta(hours=1) for one, other in pairwise(dues))
