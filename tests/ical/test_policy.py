"""Decisions about calendar items (calendar.md §3). Numbers in names are the contract's rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from eventsvc.ical import policy
from eventsvc.ical.policy import (
    Stamp,
    content_key,
    description_shown,
    instant,
    is_major,
    is_visible,
    revised,
    summary_shown,
    transp_shown,
    weaker,
)
from tests.ical.examples import BARRIER, HEADER, KEYNOTE, KEYNOTE_STAMP, wall

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("change", "major"),
    [
        ({"starts": KEYNOTE.starts + HOUR / 2}, True),
        ({"ends": KEYNOTE.ends + HOUR}, True),
        ({"zone": "Europe/London"}, True),
        ({"status": "CANCELLED"}, True),
        ({"location": "Saal 2"}, True),
        ({"summary": "Keynote"}, False),
        ({"description": None}, False),
        ({"url": "https://events.example.org/x"}, False),
        ({"categories": ()}, False),
        ({"conference": (("https://live.example.org", "VIDEO", "Live"),)}, False),
        ({"related_to": (("banner", "PARENT"),)}, False),
        ({"geo": (51.4, 12.4)}, False),
        ({"organizer_name": "IWRC"}, False),
    ],
)
def test_rule_15_every_visible_change_counts_and_some_are_major(change, major):
    changed = replace(KEYNOTE, **change)
    assert is_visible(KEYNOTE, changed)
    assert is_major(KEYNOTE, changed) is major


@pytest.mark.parametrize(
    "change",
    [
        {"summary": KEYNOTE.summary.replace("ö", "o\u0308")},
        {"summary": f" {KEYNOTE.summary} "},
        {"location": KEYNOTE.location.replace(" ", "  ")},
        {"geo": (51.39690000001, 12.4036)},
        {"language": "fr"},
    ],
)
def test_rule_15_what_nobody_sees_is_no_change(change):
    changed = replace(KEYNOTE, **change)
    assert not is_visible(KEYNOTE, changed)
    assert not is_major(KEYNOTE, changed)


def test_rule_15_the_language_of_a_cancelled_item_is_seen():
    assert is_visible(BARRIER, replace(BARRIER, language="de"))


def test_rule_15_the_key_is_the_same_on_every_server_and_in_every_version():
    """A field added to CalendarItem later, empty by default, must leave this key as it is."""
    key = "d409223f95d94e1d30c848cecfa70ac63fe8771ebbbe178f7478856f8bbe8c23"
    assert content_key(BARRIER) == key


def test_rules_13_to_15_a_revision_never_goes_back():
    later = KEYNOTE_STAMP.changed + HOUR
    assert revised(KEYNOTE_STAMP, later) == Stamp(1, KEYNOTE_STAMP.created, later)
    assert revised(KEYNOTE_STAMP, KEYNOTE_STAMP.created).changed == KEYNOTE_STAMP.changed


@pytest.mark.parametrize("sequence", [-1, 2**31, 1_793_000_000_000])
def test_rule_15_sequence_is_no_timestamp(sequence):
    with pytest.raises(ValueError, match="rule 15"):
        Stamp(sequence, KEYNOTE_STAMP.created, KEYNOTE_STAMP.changed)


def test_rule_14_stamps_are_instants():
    with pytest.raises(ValueError, match="offset"):
        Stamp(0, wall("2026-09-01T00:00"), KEYNOTE_STAMP.changed)
    with pytest.raises(ValueError, match="offset"):
        replace(HEADER, changed=wall("2026-09-01T00:00"))


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", "[Cancelled] Site visit: Elbe flood barrier"),
        ("de", "[Abgesagt] Site visit: Elbe flood barrier"),
        ("fr", "[Annulé] Site visit: Elbe flood barrier"),
        ("it", "[Cancelled] Site visit: Elbe flood barrier"),
    ],
)
def test_rule_17_a_cancelled_item_says_so_once(language, shown):
    item = replace(BARRIER, language=language)
    assert summary_shown(item) == shown
    assert summary_shown(replace(item, summary=shown)) == shown
    assert summary_shown(replace(item, status="TENTATIVE")) == item.summary


def test_rule_18_only_confirmed_times_take_up_time():
    assert transp_shown("OPAQUE", "CONFIRMED", all_day=False) == "OPAQUE"
    assert transp_shown("TRANSPARENT", "CONFIRMED", all_day=False) == "TRANSPARENT"
    assert transp_shown("OPAQUE", "CONFIRMED", all_day=True) == "TRANSPARENT"
    assert transp_shown("OPAQUE", "TENTATIVE", all_day=False) == "TRANSPARENT"
    assert transp_shown("OPAQUE", "CANCELLED", all_day=False) == "TRANSPARENT"


def test_rule_16_the_less_certain_status_counts():
    assert weaker("CONFIRMED", "TENTATIVE") == weaker("TENTATIVE", "CONFIRMED") == "TENTATIVE"
    assert weaker("CANCELLED", "CONFIRMED") == weaker("TENTATIVE", "CANCELLED") == "CANCELLED"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"ends": KEYNOTE.starts}, "after DTSTART"),
        ({"ends": KEYNOTE.ends.date()}, "both be"),
        ({"starts": KEYNOTE.starts.replace(tzinfo=UTC), "ends": KEYNOTE.ends}, "no offset"),
        ({"starts": date(2027, 3, 10), "ends": date(2027, 3, 10)}, "after DTSTART"),
        ({"uid": ""}, "rule 12"),
        ({"uid": "x" * 256}, "rule 12"),
        ({"uid": "a\nb"}, "rule 12"),
        ({"status": "CANCELED"}, "STATUS"),
        ({"transp": "BUSY"}, "TRANSP"),
        ({"url": "/e/iwrc-2027"}, "rule 24"),
        ({"organizer_email": "IWRC 2027"}, "rule 29"),
        ({"geo": (151.0, 12.4)}, "rule 23"),
        ({"related_to": (("banner", "MOTHER"),)}, "rule 27"),
    ],
)
def test_an_item_that_no_rule_allows_is_refused(change, words):
    with pytest.raises(ValueError, match=words):
        replace(KEYNOTE, **change)


@pytest.mark.parametrize("change", [{"color": "#4682b4"}, {"refresh": "1 hour"}])
def test_rule_7_a_header_that_readers_stumble_over_is_refused(change):
    with pytest.raises(ValueError, match="rule 7"):
        replace(HEADER, **change)


def test_rules_24_and_25_the_description_begins_with_the_links():
    stream = ("https://live.example.org/1", "VIDEO", "Live")
    item = replace(KEYNOTE, conference=(stream,))
    assert description_shown(item).split("\n") == [KEYNOTE.url, stream[0], KEYNOTE.description]
    said = replace(item, description=f"{KEYNOTE.url}\nWatch {stream[0]}")
    assert description_shown(said) == said.description
    assert description_shown(BARRIER) == ""


def test_rule_20_the_instant_of_a_wall_time():
    assert instant(KEYNOTE.starts, "Europe/Berlin") == datetime(2027, 3, 10, 8, tzinfo=UTC)
    assert instant(BARRIER.starts, "Europe/Berlin") == datetime(2027, 3, 28, 8, tzinfo=UTC)
    day = instant(date(2027, 3, 10), "Asia/Tokyo")
    assert day == datetime(2027, 3, 10, tzinfo=ZoneInfo("Asia/Tokyo"))


def test_rule_37_the_limits():
    assert (policy.MAX_FEED_OCTETS, policy.MAX_FEED_ITEMS) == (1_000_000, 1_000)
    assert policy.MAX_ITEM_OCTETS <= 8_192
