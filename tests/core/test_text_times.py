"""api.md §5, security.md row 26: 20 zone names and 30 dates."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventsvc.core.text import (
    Answer,
    Date,
    Instant,
    Month,
    ValueRefused,
    WallTime,
    Year,
    Zone,
    utc_instant,
    zone_names,
    zoned_instant,
)

ZONES_REFUSED = [
    "EST5EDT", "EST", "CET", "GMT", "Zulu", "localtime", "posixrules", "<+03>-3", "UTC+2",
    "+02:00", "CET-1CEST,M3.5.0,M10.5.0/3", "../../etc/passwd", "/etc/localtime",
    "Europe/../Europe/Vienna", "Europe/Vienna/", "Europe", "europe/vienna", "Europe/Vienna\n",
    "Europe/Atlantis", "",
]  # fmt: skip
DATES_REFUSED = [
    ("2027-05-05T09:00:00", "offset-missing"),
    ("2027-05-05T09:00:00.5", "invalid-instant"),
    ("2027-05-05T09:00:00.5Z", "invalid-instant"),
    ("2027-05-05T09:00Z", "invalid-instant"),
    ("2027-05-05", "invalid-instant"),
    ("2027-05-05 09:00:00Z", "invalid-instant"),
    ("20270505T090000Z", "invalid-instant"),
    ("2027-W18-3T09:00:00Z", "invalid-instant"),
    ("2027-125T09:00:00Z", "invalid-instant"),
    ("2027-02-29T09:00:00Z", "invalid-instant"),
    ("2027-13-01T09:00:00Z", "invalid-instant"),
    ("2027-00-01T09:00:00Z", "invalid-instant"),
    ("2027-05-32T09:00:00Z", "invalid-instant"),
    ("2027-05-05T24:00:00Z", "invalid-instant"),
    ("2027-05-05T23:59:60Z", "invalid-instant"),
    ("2027-05-05T09:60:00Z", "invalid-instant"),
    ("2027-05-05T09:00:00+2", "invalid-instant"),
    ("2027-05-05T09:00:00+0200", "invalid-instant"),
    ("2027-05-05T09:00:00+24:00", "invalid-instant"),
    ("2027-05-05T09:00:00+02:60", "invalid-instant"),
    ("2027-05-05T09:00:00+02:00[Europe/Vienna]", "invalid-instant"),
    ("+2027-05-05T09:00:00Z", "invalid-instant"),
    ("２０２７-05-05T09:00:00Z", "invalid-instant"),
    ("2027-05-05T09:00:00Z\n", "invalid-instant"),
    (" 2027-05-05T09:00:00Z", "invalid-instant"),
    ("0000-01-01T00:00:00Z", "invalid-instant"),
    ("0001-01-01T00:00:00+23:59", "out-of-range"),
    ("9999-12-31T23:59:59-23:59", "out-of-range"),
    ("1999-12-31T23:59:59Z", "out-of-range"),
    ("2101-01-01T00:00:00Z", "out-of-range"),
]


def refused(field, value):
    with pytest.raises(ValueRefused) as refusal:
        field.read(value)
    return refusal.value.code


def test_row_26_there_are_20_zone_names_and_30_dates():
    assert (len(ZONES_REFUSED), len(DATES_REFUSED)) == (20, 30)


@pytest.mark.threat(26)
@pytest.mark.parametrize("name", ZONES_REFUSED)
def test_row_26_only_known_region_city_names_are_zones(name):
    assert refused(Zone(), name) == "unknown-zone"


@pytest.mark.parametrize(
    "name", ["UTC", "Europe/Vienna", "Europe/Kiev", "Asia/Calcutta", "America/Indiana/Knox"]
)
def test_zones_and_their_aliases_are_kept_as_given(name):
    assert Zone().read(name) == name


def test_every_zone_we_take_can_be_used():
    moment = dt.datetime(2027, 5, 5, 7, tzinfo=dt.UTC)
    for name in zone_names():
        assert Instant().read(zoned_instant(moment, name)) == moment


@pytest.mark.threat(26)
@pytest.mark.parametrize(("text", "code"), DATES_REFUSED)
def test_row_26_instants_are_rfc_3339_with_offset_of_the_years_2000_to_2100(text, code):
    assert refused(Instant(), text) == code


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2027-05-05T09:00:00+02:00", "2027-05-05T07:00:00Z"),
        ("2027-05-05T09:00:00Z", "2027-05-05T09:00:00Z"),
        ("2027-05-05t09:00:00z", "2027-05-05T09:00:00Z"),
        ("2027-05-05T09:00:00-03:30", "2027-05-05T12:30:00Z"),
        ("2027-05-05T09:00:00-00:00", "2027-05-05T09:00:00Z"),
        ("2000-01-01T00:00:00Z", "2000-01-01T00:00:00Z"),
        ("2100-12-31T23:59:59Z", "2100-12-31T23:59:59Z"),
        ("2028-02-29T23:00:00-05:00", "2028-03-01T04:00:00Z"),
    ],
)
def test_an_instant_is_read_and_written_in_utc(text, utc):
    moment = Instant().read(text)
    assert moment.tzinfo is dt.UTC
    assert utc_instant(moment) == utc


def test_answers_give_instants_in_the_zone_of_the_event():
    class EventAnswer(Answer):
        starts_at = Instant(zone_from="timezone")
        ends_at = Instant(zone_from="venue.timezone")
        created_at = Instant()
        closed_at = Instant()

    moment = dt.datetime(2027, 5, 5, 7, 0, 0, 999, tzinfo=dt.UTC)
    event = SimpleNamespace(
        starts_at=moment,
        ends_at=moment,
        created_at=moment,
        closed_at=None,
        timezone="Europe/Vienna",
        venue=SimpleNamespace(timezone="UTC"),
    )
    assert EventAnswer().dump(event) == {
        "starts_at": "2027-05-05T09:00:00+02:00",
        "ends_at": "2027-05-05T07:00:00Z",
        "created_at": "2027-05-05T07:00:00Z",
        "closed_at": None,
    }


def test_a_naive_instant_is_a_mistake_of_ours():
    for zone in ("UTC", "Europe/Vienna"):
        with pytest.raises(ValueError, match="offset"):
            zoned_instant(dt.datetime(2027, 5, 5, 7), zone)


@settings(deadline=None)  # the machine is shared
@given(
    st.datetimes(dt.datetime(2000, 1, 2), dt.datetime(2100, 12, 30)),
    st.sampled_from(sorted(zone_names())),
)
def test_what_we_write_we_read(moment, zone):
    aware = moment.replace(microsecond=0, tzinfo=ZoneInfo(zone))
    assert Instant().read(zoned_instant(aware, zone)) == aware.astimezone(dt.UTC)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2027-05-05T09:00:00Z", "offset-not-allowed"),
        ("2027-05-05T09:00+02:00", "offset-not-allowed"),
        ("2027-05-05T9:00", "invalid-time"),
        ("2027-05-05T09:00:00.5", "invalid-time"),
        ("2027-05-05", "invalid-time"),
        ("2027-02-30T09:00", "invalid-time"),
        ("1999-05-05T09:00", "out-of-range"),
    ],
)
def test_wall_time_has_no_offset(text, code):
    assert refused(WallTime(), text) == code


def test_wall_time_is_naive():
    for text in ("2027-05-05T09:00", "2027-05-05T09:00:00"):
        wall = WallTime().read(text)
        assert (wall, wall.tzinfo) == (dt.datetime(2027, 5, 5, 9), None)
        assert WallTime().serialize("at", {"at": wall}) == "2027-05-05T09:00:00"
    assert WallTime().serialize("at", {"at": None}) is None


def test_days_months_and_years():
    assert Date().read("2027-05-05") == dt.date(2027, 5, 5)
    assert Date().serialize("on", {"on": dt.date(2027, 5, 5)}) == "2027-05-05"
    assert Date(minimum=dt.date(1900, 1, 1)).read("1961-04-12") == dt.date(1961, 4, 12)
    assert Month().read("2025-04") == "2025-04"
    assert Year().read(2025) == 2025
    assert refused(Date(), "1961-04-12") == "out-of-range"
    assert {refused(Date(), text) for text in ("20270505", "2027-5-5", "2027-02-29")} == {
        "invalid-date"
    }
    assert {refused(Month(), text) for text in ("2025-4", "2025-13", "2025-04-01")} == {
        "invalid-month"
    }
    assert refused(Month(), "1999-04") == "out-of-range"
    assert (refused(Year(), 1999), refused(Year(), "2025")) == ("out-of-range", "invalid-type")
