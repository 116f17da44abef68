"""The text of one item, and a participant's copy of it (calendar.md §3)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import icalendar
import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st

from eventsvc.ical.render.items import (
    item_block,
    stored_block,
)
from eventsvc.ical.text import cleaned, one_line, unfolded
from tests.ical.examples import BARRIER, BARRIER_STAMP, KEYNOTE, KEYNOTE_STAMP, wall

SNAPSHOTS = Path(__file__).parents[2] / "snapshots" / "ical"
BLOCK = item_block(KEYNOTE, KEYNOTE_STAMP)
LATER = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
EVERYTHING = replace(
    KEYNOTE,
    conference=(("https://live.example.org/1", "VIDEO,AUDIO", "Live: room 1"),),
    images=(("https://events.example.org/k.png", "image/png"),),
    attachments=(("https://events.example.org/k.pdf", "application/pdf"),),
    related_to=(("banner-uid", "PARENT"), ("rerun-uid", "SIBLING")),
)
BANNER = replace(
    BARRIER,
    starts=date(2027, 3, 10),
    ends=date(2027, 3, 13),
    summary="IWRC 2027",
    status="TENTATIVE",
    transp="OPAQUE",
)


def values(block):
    """Property name (without parameters) -> raw value of the unfolded text."""
    lines = unfolded(block).removesuffix("\r\n").split("\r\n")
    return {re.split("[;:]", line)[0]: line.partition(":")[2] for line in lines}


def names(block):
    """The property names in order, BEGIN and END left out."""
    lines = unfolded(block).removesuffix("\r\n").split("\r\n")
    return [re.split("[;:]", line)[0] for line in lines][1:-1]


def test_rule_11_the_order_is_fixed():
    order = "UID DTSTAMP DTSTART DTEND SUMMARY STATUS SEQUENCE CREATED LAST-MODIFIED CLASS TRANSP"
    optional = "ORGANIZER URL LOCATION GEO DESCRIPTION CATEGORIES CONFERENCE IMAGE ATTACH"
    assert names(item_block(EVERYTHING, KEYNOTE_STAMP)) == [
        *order.split(),
        *optional.split(),
        "RELATED-TO",
        "RELATED-TO",
    ]


def test_a_block_with_everything_is_the_snapshot():
    snapshot = (SNAPSHOTS / "item-with-everything.ics").read_bytes()
    assert item_block(EVERYTHING, KEYNOTE_STAMP).encode() == snapshot


def test_rules_26_and_29_no_alarm_and_no_attendee():
    block = item_block(EVERYTHING, KEYNOTE_STAMP)
    assert "VALARM" not in block
    assert "ATTENDEE" not in block
    assert values(block)["ORGANIZER"] == "mailto:events@example.org"


def test_rules_13_and_14_dtstamp_is_last_modified_whatever_the_offset():
    changed = datetime(2026, 10, 20, 10, 15, 0, 999, tzinfo=timezone(timedelta(hours=2)))
    block = item_block(KEYNOTE, replace(KEYNOTE_STAMP, changed=changed))
    assert values(block)["DTSTAMP"] == values(block)["LAST-MODIFIED"] == "20261020T081500Z"
    assert block == BLOCK


def test_rule_17_a_cancelled_item():
    shown = values(item_block(replace(BARRIER, transp="OPAQUE"), BARRIER_STAMP))
    assert shown["SUMMARY"] == "[Cancelled] Site visit: Elbe flood barrier"
    assert (shown["STATUS"], shown["TRANSP"]) == ("CANCELLED", "TRANSPARENT")
    assert shown["LOCATION"].startswith("Bus stop P3")


def test_rule_19_class():
    assert values(item_block(replace(KEYNOTE, private=True), KEYNOTE_STAMP))["CLASS"] == "PRIVATE"
    assert values(BLOCK)["CLASS"] == "PUBLIC"


def test_rule_20_without_a_yearly_rule_times_are_in_utc():
    block = stored_block(replace(KEYNOTE, zone="Asia/Jerusalem"), KEYNOTE_STAMP)
    assert block.zone is None
    assert "\r\nDTSTART:20270310T070000Z\r\nDTEND:20270310T083000Z\r\n" in block.text


def test_rule_20_the_second_of_two_equal_wall_times_is_in_utc():
    starts = wall("2027-10-31T02:30")
    first = replace(KEYNOTE, starts=starts, ends=wall("2027-10-31T04:00"))
    assert "DTSTART;TZID=Europe/Berlin:20271031T023000\r\n" in item_block(first, KEYNOTE_STAMP)
    second = replace(first, starts=starts.replace(fold=1))
    assert "DTSTART:20271031T013000Z\r\nDTEND:20271031T030000Z" in item_block(second, KEYNOTE_STAMP)


def test_rule_21_whole_days():
    block = stored_block(BANNER, BARRIER_STAMP)
    assert "\r\nDTSTART;VALUE=DATE:20270310\r\nDTEND;VALUE=DATE:20270313\r\n" in block.text
    assert values(block.text)["TRANSP"] == "TRANSPARENT"
    assert block.zone is None
    assert block.starts_utc == datetime(2027, 3, 9, 23, tzinfo=UTC)


def test_what_a_feed_must_know_of_a_block():
    block = stored_block(KEYNOTE, KEYNOTE_STAMP)
    assert (block.uid, block.zone, block.text) == (KEYNOTE.uid, "Europe/Berlin", BLOCK)
    assert block.starts_utc == datetime(2027, 3, 10, 8, tzinfo=UTC)
    assert (block.first_year, block.last_year) == (2027, 2027)


@pytest.mark.parametrize(
    ("geo", "written"),
    [
        ((51.3969, 12.4036), "51.396900;12.403600"),
        ((-1e-05, -1e-09), "-0.000010;0.000000"),
        ((-33.8688197, 151.2092956), "-33.868820;151.209296"),
    ],
)
def test_rule_23_geo(geo, written):
    assert values(item_block(replace(KEYNOTE, geo=geo), KEYNOTE_STAMP))["GEO"] == written


def test_rule_23_location_is_one_line_of_255_characters():
    block = item_block(replace(KEYNOTE, location="Saal 1\nLeipzig " + "x" * 300), KEYNOTE_STAMP)
    place = icalendar.Event.from_ical(block)["LOCATION"]
    assert place.startswith("Saal 1 Leipzig x")
    assert len(place) == 255


def test_rule_24_summary_and_description_are_cut():
    item = replace(BARRIER, summary="s" * 200, description="d" * 3_000)
    event = icalendar.Event.from_ical(item_block(item, BARRIER_STAMP))
    assert len(event["SUMMARY"]) == 120
    assert event["SUMMARY"].startswith("[Cancelled] s")
    assert len(event["DESCRIPTION"]) == 2_000
    assert event["DESCRIPTION"].startswith(item.url + "\nd")


def test_rule_25_conference_and_its_label():
    block = unfolded(item_block(EVERYTHING, KEYNOTE_STAMP))
    line = (
        'CONFERENCE;VALUE=URI;FEATURE=VIDEO,AUDIO;LABEL="Live: room 1":https://live.example.org/1'
    )
    assert f"\r\n{line}\r\n" in block
    assert values(block)["DESCRIPTION"].startswith(f"{KEYNOTE.url}\\nhttps://live.example.org/1\\n")


def test_rule_37_an_item_is_at_most_8_kb_whatever_is_in_it():
    item = replace(
        EVERYTHING,
        summary="🌊" * 300,
        location="🌊" * 300,
        description="🌊;" * 3_000,
        categories=("🌊" * 200,) * 20,
        uid="u" * 255,
        url="https://events.example.org/" + "x" * 370,
        organizer_name="🌊" * 300,
        organizer_email="o" * 60 + "@" + "x" * 250,
        images=(("https://live.example.org/" + "x" * 370, "image/png"),) * 9,
        attachments=(("https://live.example.org/" + "x" * 370, "image/png"),) * 9,
        conference=(("https://live.example.org/" + "x" * 370, "VIDEO", "🌊" * 200),) * 9,
        related_to=(("u" * 255, "SIBLING"),) * 9,
    )
    block = item_block(item, KEYNOTE_STAMP)
    assert len(block.encode()) <= 8_000
    assert values(block)["DESCRIPTION"] == item.url
    only_text = item_block(replace(KEYNOTE, description="🌊" * 3_000), KEYNOTE_STAMP)
    assert 7_950 <= len(only_text.encode()) <= 8_000


TEXT = st.text(st.one_of(st.characters(), st.sampled_from('\\;,:"\n\t \r🌊')), max_size=200)


@given(summary=TEXT, location=TEXT, description=TEXT, category=TEXT, name=TEXT)
@settings(max_examples=150, deadline=None)
def test_rules_33_to_35_any_text_is_read_back(summary, location, description, category, name):
    item = replace(
        KEYNOTE,
        summary=summary,
        location=location,
        description=description,
        categories=(category,),
        organizer_name=name,
    )
    block = item_block(item, KEYNOTE_STAMP)
    rows = block.encode().split(b"\r\n")
    assert all(0 < len(row) <= 75 for row in rows[:-1])
    assert not re.search("[\x00-\x09\x0b\x0c\x0e-\x1f]", block)
    event = icalendar.Event.from_ical(block)
    assert len(event["SUMMARY"]) <= 120
    if len(one_line(summary)) <= 120:
        assert event["SUMMARY"] == one_line(summary)
    assert event.get("LOCATION", "") == one_line(location)
    assert event["DTSTART"].dt.replace(tzinfo=None) == KEYNOTE.starts
    assert not event.errors
    read = vobject.readOne(f"BEGIN:VCALENDAR\r\n{block}END:VCALENDAR\r\n").vevent
    assert read.url.value == KEYNOTE.url
    if description.strip():
        assert read.description.value == cleaned(f"{KEYNOTE.url}\n{description.strip()}")


def test_rule_36_same_data_same_bytes():
    again = replace(EVERYTHING, summary=EVERYTHING.summary.replace("ö", "o\u0308"))
    assert item_block(again, KEYNOTE_STAMP) == item_block(EVERYTHING, KEYNOTE_STAMP)
