"""VTIMEZONE texts against zoneinfo (calendar.md rules 20, 22)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import pytest
from icalendar import Timezone

from eventsvc.ical.render.zones import FIRST_YEAR, LAST_YEAR, vtimezone

FIXED = re.compile(
    r"BEGIN:VTIMEZONE\r\nTZID:(?P<id>\S+)\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
    r"TZOFFSETFROM:(?P<from>[+-]\d{4})\r\nTZOFFSETTO:(?P=from)\r\nTZNAME:\S+\r\nEND:STANDARD\r\n"
    r"END:VTIMEZONE\r\n"
)
PART = (
    r"BEGIN:{0}\r\nDTSTART:1970\d{{4}}T(?P<time_{0}>\d{{6}})\r\nTZOFFSETFROM:(?P<from_{0}>[+-]\d{{4}})\r\n"
    r"TZOFFSETTO:(?P<to_{0}>[+-]\d{{4}})\r\nRRULE:FREQ=YEARLY;BYMONTH=(?P<month_{0}>\d+);"
    r"BYDAY=(?P<nth_{0}>-1|[1-4])(?P<day_{0}>[A-Z]{{2}})\r\nTZNAME:\S+\r\nEND:{0}\r\n"
)
YEARLY = re.compile(
    r"BEGIN:VTIMEZONE\r\nTZID:(?P<id>\S+)\r\n"
    + PART.format("STANDARD")
    + PART.format("DAYLIGHT")
    + r"END:VTIMEZONE\r\n"
)
DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
ALL_ZONES = sorted(available_timezones())


def offset_of(text):
    """+0130 as a time difference."""
    value = timedelta(hours=int(text[1:3]), minutes=int(text[3:5]))
    return -value if text[0] == "-" else value


def onset(found, kind, year):
    """Wall time before the change that the RRULE of a component foretells for ``year``."""
    nth, weekday = int(found[f"nth_{kind}"]), DAYS.index(found[f"day_{kind}"])
    month = int(found[f"month_{kind}"])
    days = [date(year, month, 1) + timedelta(days=number) for number in range(31)]
    days = [day for day in days if day.month == month and day.weekday() == weekday]
    clock = datetime.strptime(found[f"time_{kind}"], "%H%M%S").time()  # noqa: DTZ007
    return datetime.combine(days[nth - 1 if nth > 0 else nth], clock)


def onsets(found, years):
    """(UTC epoch second, offset after it) of every change in these years, in order."""
    changes = [
        (onset(found, kind, year) - offset_of(found[f"from_{kind}"]), found[f"to_{kind}"])
        for kind in ("STANDARD", "DAYLIGHT")
        for year in years
    ]
    return [
        (int(moment.replace(tzinfo=UTC).timestamp()), offset_of(to))
        for moment, to in sorted(changes)
    ]


def assert_right(name, text, first, last):
    """Compare the text with zoneinfo: every day of the years, and both sides of every change."""
    zone = ZoneInfo(name)
    low = int(datetime(first, 1, 1, tzinfo=UTC).timestamp())
    high = int(datetime(last + 1, 1, 1, tzinfo=UTC).timestamp())
    found = YEARLY.fullmatch(text)
    fixed = FIXED.fullmatch(text)
    assert found or fixed, text
    assert (found or fixed)["id"] == name
    if fixed:
        steps = [(0, offset_of(fixed["from"]))]
    else:
        steps = onsets(found, range(first - 1, last + 1))
        assert offset_of(found["to_DAYLIGHT"]) > offset_of(found["to_STANDARD"])
    bounds = [*(second for second, _ in steps[1:]), high]
    for (start, offset), end in zip(steps, bounds, strict=True):
        moments = [*range(max(start, low), min(end, high), 86_400), max(start, low), end - 1]
        for second in moments:
            if max(start, low) <= second < min(end, high):
                assert datetime.fromtimestamp(second, zone).utcoffset() == offset, (name, second)


@pytest.mark.parametrize("part", range(4))
def test_rule_22_every_zone_is_right_every_day_or_has_no_text(part):
    """From 2026 to 2028, which is all that an event of next year needs."""
    written = 0
    for name in ALL_ZONES[part::4]:
        text = vtimezone(name, 2026)
        if text is not None:
            written += 1
            assert_right(name, text, 2026, 2028)
    assert written > 100


def test_rule_22_every_text_is_right_from_its_first_year_on():
    """One zone for each distinct shape, from the first year in which it is given."""
    shapes = {}
    for name in ALL_ZONES:
        years = [year for year in range(FIRST_YEAR, 2030) if vtimezone(name, year)]
        if years:
            assert years == list(range(years[0], 2030))  # once right, right for good
            text = vtimezone(name, years[0])
            shapes.setdefault((text.partition("STANDARD")[2], years[0]), (name, text, years[0]))
    for name, text, year in shapes.values():
        assert_right(name, text, year, min(year + 3, 2029))
    assert len(shapes) > 50


def test_rule_22_berlin_is_the_contract_example():
    assert vtimezone("Europe/Berlin", 1996).split("\r\n") == [
        *["BEGIN:VTIMEZONE", "TZID:Europe/Berlin"],
        *["BEGIN:STANDARD", "DTSTART:19701025T030000", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100"],
        *["RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "TZNAME:CET", "END:STANDARD"],
        *["BEGIN:DAYLIGHT", "DTSTART:19700329T020000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200"],
        *["RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "TZNAME:CEST", "END:DAYLIGHT"],
        *["END:VTIMEZONE", ""],
    ]
    assert vtimezone("Europe/Berlin", 1995) is None  # the clocks went back in September


@pytest.mark.parametrize(
    "name", ["America/Nuuk", "America/Santiago", "Asia/Jerusalem", "Africa/Cairo"]
)
def test_rule_20_zones_without_a_yearly_rule_have_no_text(name):
    assert vtimezone(name, 2027) is None


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("America/New_York", "BYMONTH=3;BYDAY=2SU"),
        ("Australia/Lord_Howe", "BYMONTH=10;BYDAY=1SU"),
        ("Europe/Dublin", "BYMONTH=3;BYDAY=-1SU"),
        ("Pacific/Auckland", "BYMONTH=9;BYDAY=-1SU"),
    ],
)
def test_rule_22_the_daylight_rule(name, rule):
    daylight = vtimezone(name, 2027).partition("BEGIN:DAYLIGHT")[2]
    assert f"RRULE:FREQ=YEARLY;{rule}\r\n" in daylight


@pytest.mark.parametrize("name", ["Asia/Tokyo", "Asia/Kathmandu", "Europe/Moscow", "UTC"])
def test_rule_22_a_fixed_zone_is_one_standard_without_rule(name):
    text = vtimezone(name, 2027)
    assert FIXED.fullmatch(text)
    assert Timezone.from_ical(text).to_tz(lookup_tzid=False)


def test_rule_22_an_item_before_the_rule_in_force_has_no_text():
    assert vtimezone("America/New_York", 2006) is None
    assert vtimezone("America/New_York", 2007)
    assert vtimezone("Europe/Moscow", 2014) is None
    assert vtimezone("Europe/Berlin", LAST_YEAR + 1) is None


def test_an_unknown_zone_is_an_error():
    with pytest.raises(ZoneInfoNotFoundError):
        vtimezone("Europe/Leipzig", 2027)
