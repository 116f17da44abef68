"""Wall time, zones and the rules of dates (api.md §5, editions.md §12, security.md row 26)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsvc.core.errors import Invalid
from eventsvc.core.text import ValueRefused
from eventsvc.events.policy import (
    Dates,
    decide_dates,
    instant_of,
    last_day,
    sort_day,
    too_far_outside,
    wall_of,
    zone_of,
)

VIENNA = "Europe/Vienna"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def codes(refused: pytest.ExceptionInfo[Invalid]) -> list[tuple[str, str]]:
    return [(error.pointer, error.code) for error in refused.value.errors]


def day_event(**changes: object) -> Dates:
    span = {
        "timezone": VIENNA,
        "starts_at": at("2027-05-05T09:00:00+02:00"),
        "ends_at": at("2027-05-06T17:00:00+02:00"),
    }
    return decide_dates(Dates(), span | changes)


def test_instant_of_a_skipped_time_is_refused():
    with pytest.raises(ValueRefused) as refused:
        instant_of(datetime(2027, 3, 28, 2, 30), VIENNA)
    assert refused.value.code == "nonexistent-time"


def test_instant_of_a_time_that_comes_twice_is_the_first():
    assert instant_of(datetime(2027, 10, 31, 2, 30), VIENNA) == at("2027-10-31T02:30:00+02:00")


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 12, 31)),
    st.sampled_from([VIENNA, "America/New_York", "Asia/Kolkata", "Pacific/Apia", "UTC"]),
)
def test_wall_and_instant_are_inverse_where_the_time_exists(wall, zone):
    try:
        assert wall_of(instant_of(wall, zone), zone) == wall
    except ValueRefused:
        there = wall.replace(tzinfo=ZoneInfo(zone))
        assert wall_of(there.astimezone(UTC), zone) != wall


def test_dates_to_the_day_need_zone_and_end():
    with pytest.raises(Invalid) as refused:
        decide_dates(Dates(), {"date_precision": "day"})
    assert codes(refused) == [
        ("/timezone", "required"), ("/starts_at", "required"), ("/ends_at", "required")
    ]  # fmt: skip


def test_precision_follows_from_what_is_given():
    assert day_event().date_precision == "day"
    assert decide_dates(Dates(), {"month": "2025-04"}).date_precision == "month"
    assert decide_dates(Dates(), {"year": 2022}).date_precision == "year"
    assert decide_dates(Dates(), {"timezone": VIENNA}) == Dates(timezone=VIENNA)


def test_a_month_never_gets_an_invented_day():
    known = decide_dates(Dates(), {"month": "2025-04", "not_after": date(2025, 4, 22)})
    assert (known.starts_at, known.starts_wall, known.all_day) == (None, None, False)
    assert known.not_after == date(2025, 4, 22)


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"date_precision": "month", "month": "2025-04", "year": 2025}, "/year"),
        ({"date_precision": "none", "month": "2025-04"}, "/month"),
        ({"date_precision": "year", "year": 2025, "starts_on": date(2025, 4, 1)}, "/starts_on"),
    ],
)
def test_fields_of_another_precision_are_refused(given, pointer):
    with pytest.raises(Invalid) as refused:
        decide_dates(Dates(), given)
    assert codes(refused) == [(pointer, "not-with-precision")]


def test_month_and_year_must_be_given_with_their_precision():
    for precision in ("month", "year"):
        with pytest.raises(Invalid) as refused:
            decide_dates(Dates(), {"date_precision": precision})
        assert codes(refused) == [(f"/{precision}", "required")]


def test_going_back_to_a_month_clears_the_days():
    known = decide_dates(day_event(), {"date_precision": "month", "month": "2027-06"})
    assert (known.starts_at, known.ends_wall, known.month) == (None, None, "2027-06")


def test_clearing_the_start_leaves_no_date():
    known = decide_dates(day_event(), {"starts_at": None, "ends_at": None})
    assert known == Dates(timezone=VIENNA)


def test_all_day_is_midnight_of_the_first_to_midnight_after_the_last():
    days = {"timezone": "Europe/Madrid", "starts_on": date(2025, 5, 14)}
    known = decide_dates(Dates(), days | {"ends_on": date(2025, 5, 15)})
    assert known.all_day
    assert known.starts_at == at("2025-05-14T00:00:00+02:00")
    assert known.ends_at == at("2025-05-16T00:00:00+02:00")
    assert last_day(known) == date(2025, 5, 15)


def test_one_all_day_is_enough_with_its_first_day():
    known = decide_dates(Dates(), {"timezone": VIENNA, "starts_on": date(2025, 5, 14)})
    assert last_day(known) == date(2025, 5, 14)


def test_all_day_holds_where_clocks_skip_midnight():
    known = decide_dates(Dates(), {"timezone": "Africa/Cairo", "starts_on": date(2027, 4, 30)})
    assert known.starts_at == at("2027-04-30T01:00:00+03:00")


def test_end_must_be_after_start_and_within_31_days():
    with pytest.raises(Invalid) as refused:
        day_event(ends_at=at("2027-05-05T09:00:00+02:00"))
    assert codes(refused) == [("/ends_at", "before-start")]
    with pytest.raises(Invalid) as refused:
        day_event(ends_at=at("2027-06-05T09:00:01+02:00"))
    assert codes(refused) == [("/ends_at", "too-long")]
    assert day_event(ends_at=at("2027-06-05T09:00:00+02:00")).date_precision == "day"


def test_31_whole_days_over_a_change_of_clocks_are_allowed():
    days = {"timezone": VIENNA, "starts_on": date(2027, 10, 15), "ends_on": date(2027, 11, 14)}
    assert decide_dates(Dates(), days).all_day


def test_the_second_of_two_equal_times_is_refused_not_shifted():
    with pytest.raises(Invalid) as refused:
        day_event(
            starts_at=at("2027-10-31T02:30:00+01:00"), ends_at=at("2027-10-31T09:00:00+01:00")
        )
    assert codes(refused) == [("/starts_at", "ambiguous-time")]


def test_a_new_zone_must_say_what_stays():
    with pytest.raises(Invalid) as refused:
        decide_dates(day_event(), {"timezone": "Europe/Helsinki"})
    assert codes(refused) == [("/on_timezone_change", "required")]


def test_keep_wall_time_moves_the_instant():
    told = {"timezone": "Europe/Helsinki", "on_timezone_change": "keep_wall_time"}
    known = decide_dates(day_event(), told)
    assert known.starts_wall == datetime(2027, 5, 5, 9, 0)
    assert known.starts_at == at("2027-05-05T09:00:00+03:00")


def test_keep_instant_moves_the_wall_time():
    told = {"timezone": "Europe/Helsinki", "on_timezone_change": "keep_instant"}
    known = decide_dates(day_event(), told)
    assert known.starts_wall == datetime(2027, 5, 5, 10, 0)
    assert known.starts_at == day_event().starts_at


def test_the_same_zone_again_asks_nothing():
    assert decide_dates(day_event(), {"timezone": VIENNA}) == day_event()


def test_order_start_else_not_after_else_before_else_last():
    assert sort_day(day_event()) == date(2027, 5, 5)
    assert sort_day(Dates(month="2025-04", not_after=date(2025, 4, 22))) == date(2025, 4, 22)
    assert sort_day(Dates(year=2022, before_on=date(2022, 10, 5))) == date(2022, 10, 4)
    assert sort_day(Dates(), before_event=date(2022, 10, 4)) == date(2022, 10, 3)
    assert sort_day(Dates(month="2024-02")) == date(2024, 2, 29)
    assert sort_day(Dates(year=2024)) == date(2024, 12, 31)
    assert sort_day(Dates()) is None


def test_side_events_lie_up_to_three_days_outside():
    main = day_event()
    early = day_event(
        starts_at=main.starts_at - timedelta(days=3), ends_at=main.starts_at - timedelta(days=2)
    )
    earlier = day_event(
        starts_at=main.starts_at - timedelta(days=3, seconds=1), ends_at=main.starts_at
    )
    assert not too_far_outside(early, main)
    assert too_far_outside(earlier, main)
    assert not too_far_outside(Dates(), main)


def test_zone_of_an_event_without_zone_is_utc():
    assert zone_of(Dates()) == "UTC"
    assert zone_of(day_event()) == VIENNA
