"""Feeds and single items as calendar programs get them (calendar.md §2, §5, §10)."""

from __future__ import annotations

import random
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import icalendar
import pytest
import vobject

from eventsvc.ical.policy import FeedTooLarge, StoredBlock
from eventsvc.ical.render import feed, item_block, personal_block, single, stored_block, vtimezone
from tests.ical.examples import (
    BARRIER,
    BARRIER_STAMP,
    HEADER,
    KEYNOTE,
    KEYNOTE_STAMP,
    wall,
)

SNAPSHOTS = Path(__file__).parents[2] / "snapshots" / "ical"
TWO = [stored_block(BARRIER, BARRIER_STAMP), stored_block(KEYNOTE, KEYNOTE_STAMP)]
BANNER = replace(
    KEYNOTE,
    uid="banner",
    starts=date(2027, 3, 10),
    ends=date(2027, 3, 13),
    summary="IWRC 2027",
    geo=None,
)


def numbered(number, starts, description):
    """A stored block with a UID of its own."""
    item = replace(
        KEYNOTE,
        uid=f"uid-{number:05}",
        starts=starts,
        ends=starts + timedelta(hours=1),
        description=description,
    )
    return stored_block(item, KEYNOTE_STAMP)


def uids(body):
    """The UIDs of a feed in order."""
    lines = body.decode().split("\r\n")
    return [line.removeprefix("UID:") for line in lines if line.startswith("UID:")]


def personal_feed():
    """A participant's feed: one seat confirmed, one on the waiting list, one day of Tokyo."""
    booked = datetime(2026, 11, 20, 10, tzinfo=UTC)
    tokyo = replace(BARRIER, uid="tokyo", zone="Asia/Tokyo", status="CONFIRMED")
    blocks = [
        replace(block, text=personal_block(block.text, sequence_plus=1, stamp_at=booked, status=to))
        for block, to in [(TWO[1], "TENTATIVE"), (stored_block(tokyo, BARRIER_STAMP), "CONFIRMED")]
    ]
    header = replace(HEADER, source=None, name="My IWRC 2027", description="Your own programme")
    return feed(header, blocks)


def test_the_example_of_the_contract_byte_for_byte():
    assert feed(HEADER, TWO) == (SNAPSHOTS / "contract-example.ics").read_bytes()


def test_a_personal_feed_is_the_snapshot():
    assert personal_feed() == (SNAPSHOTS / "personal.ics").read_bytes()


def test_an_empty_feed_is_the_snapshot():
    assert feed(HEADER, []) == (SNAPSHOTS / "empty.ics").read_bytes()


def test_rule_5_an_empty_feed_has_one_time_zone():
    assert feed(HEADER, []).count(b"BEGIN:VTIMEZONE") == 1
    israel = feed(replace(HEADER, zone="Asia/Jerusalem"), [])
    assert b"X-WR-TIMEZONE:Asia/Jerusalem\r\n" in israel
    assert b"BEGIN:VTIMEZONE\r\nTZID:UTC\r\n" in israel


def test_rule_6_items_by_start_in_utc_then_uid():
    early = replace(KEYNOTE, uid="z", zone="Asia/Tokyo")
    blocks = [
        stored_block(item, KEYNOTE_STAMP)
        for item in (KEYNOTE, replace(KEYNOTE, uid="a"), early, BANNER)
    ]
    body = feed(HEADER, blocks)
    assert uids(body) == ["banner", "z", KEYNOTE.uid, "a"]
    assert body.index(b"TZID:Asia/Tokyo\r\nBEGIN") < body.index(b"TZID:Europe/Berlin\r\nBEGIN")


def test_rule_8_no_source_in_personal_feeds():
    assert b"SOURCE" not in personal_feed()
    assert b"SOURCE;VALUE=URI:https://" in feed(HEADER, TWO)


def test_rule_9_one_calendar_without_uid():
    body = feed(HEADER, TWO)
    assert body.count(b"BEGIN:VCALENDAR") == 1
    assert "UID" not in icalendar.Calendar.from_ical(body)
    assert b"METHOD:PUBLISH\r\n" in body


def test_rule_22_one_time_zone_for_each_tzid_and_none_unused():
    utc_only = stored_block(replace(KEYNOTE, zone="Asia/Jerusalem"), KEYNOTE_STAMP)
    banner = stored_block(BANNER, KEYNOTE_STAMP)
    assert b"VTIMEZONE" not in feed(HEADER, [utc_only, banner])
    assert feed(HEADER, [*TWO, utc_only, banner]).count(b"BEGIN:VTIMEZONE") == 1


def test_rule_20_a_text_older_than_the_time_zone_data_is_given_in_utc():
    """Stored when the zone still had a yearly rule: the feed is made all the same."""
    text = item_block(KEYNOTE, KEYNOTE_STAMP).replace("Europe/Berlin", "Asia/Jerusalem")
    block = replace(TWO[1], zone="Asia/Jerusalem", text=text)
    body = feed(HEADER, [block, TWO[0]])
    assert b"\r\nDTSTART:20270310T070000Z\r\nDTEND:20270310T083000Z\r\n" in body
    assert body.count(b"BEGIN:VTIMEZONE") == 1
    assert b"Jerusalem" not in body


def test_rule_36_order_of_the_blocks_does_not_matter():
    blocks = [numbered(number, KEYNOTE.starts, "x") for number in range(50)]
    body = feed(HEADER, blocks)
    random.Random(1).shuffle(blocks)
    assert feed(HEADER, blocks) == body


def test_rule_36_untouched_items_keep_their_bytes():
    old = stored_block(replace(KEYNOTE, uid="1990", starts=wall("1990-05-01T09:00")), KEYNOTE_STAMP)
    assert TWO[0].text.encode() in feed(HEADER, [*TWO, old])


def test_rule_36_another_process_makes_the_same_bytes():
    code = (
        "import sys; from eventsvc.ical.render import feed, stored_block; "
        "from tests.ical.examples import *; "
        "blocks = [stored_block(KEYNOTE, KEYNOTE_STAMP), stored_block(BARRIER, BARRIER_STAMP)]; "
        "sys.stdout.buffer.write(feed(HEADER, blocks))"
    )
    root = Path(__file__).parents[3]
    environment = {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C", "PATH": "/usr/bin"}
    made = subprocess.run(
        [sys.executable, "-c", code], cwd=root, env=environment, capture_output=True, check=True
    )
    assert made.stdout == feed(HEADER, TWO)


def test_rule_37_abstracts_shrink_first():
    blocks = [numbered(number, KEYNOTE.starts, "d" * 1_900) for number in range(500)]
    body = feed(HEADER, blocks, cutoff=date(2027, 1, 1))
    assert len(body) <= 1_000_000
    assert len(uids(body)) == 500
    assert b"ddd" not in body
    assert body.count(f"DESCRIPTION:{KEYNOTE.url}\r\n".encode()) == 500


def test_rule_37_then_the_past_goes():
    past = [numbered(number, wall("2026-12-01T09:00"), "old") for number in range(10)]
    blocks = [numbered(number, KEYNOTE.starts, "new") for number in range(10, 1_005)]
    body = feed(HEADER, past + blocks, cutoff=date(2027, 1, 1))
    assert len(uids(body)) == 995
    assert b"\\nnew\r\n" in body  # too many items are no reason to shorten them
    assert len(uids(feed(HEADER, past + blocks[:900], cutoff=date(2027, 1, 1)))) == 910


def test_rule_37_then_the_feed_must_be_split():
    blocks = [numbered(number, KEYNOTE.starts, "new") for number in range(1_001)]
    with pytest.raises(FeedTooLarge, match="1001 items"):
        feed(HEADER, blocks)
    with pytest.raises(FeedTooLarge, match="1001 items"):
        feed(HEADER, blocks, cutoff=date(2027, 1, 1))


def test_rules_33_and_34_lines():
    header = replace(HEADER, name="Größe\n" * 40, description="a,b;c\\\n" * 200)
    body = feed(header, TWO)
    rows = body.split(b"\r\n")
    assert rows[-1] == b""
    assert all(0 < len(row) <= 75 for row in rows[:-1])
    read = icalendar.Calendar.from_ical(body)
    assert read["NAME"] == read["X-WR-CALNAME"]
    assert read["DESCRIPTION"] == header.description.strip()
    assert read["DESCRIPTION"].to_ical().decode() == str(read["X-WR-CALDESC"])


def test_icalendar_reads_a_feed_and_its_times():
    calendar = icalendar.Calendar.from_ical(feed(HEADER, TWO))
    starts = [event["DTSTART"].dt.astimezone(UTC) for event in calendar.walk("VEVENT")]
    assert starts == [TWO[1].starts_utc, TWO[0].starts_utc]
    assert not [part.errors for part in calendar.walk() if part.errors]


def test_vobject_reads_a_feed_and_its_times():
    calendar = vobject.readOne(feed(HEADER, TWO).decode())
    starts = [event.dtstart.value.astimezone(UTC) for event in calendar.vevent_list]
    assert starts == [TWO[1].starts_utc, TWO[0].starts_utc]


def test_rule_1_a_download_carries_the_same_bytes():
    body = single(TWO[1], prodid=HEADER.prodid)
    assert TWO[1].text.encode() in body
    assert vtimezone("Europe/Berlin", 2027).encode() in body
    assert body.startswith(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example Events//")
    assert b"NAME" not in body.replace(b"TZNAME", b"")


def test_rule_13_in_mail_dtstamp_is_the_sending_time():
    sent = datetime(2027, 1, 1, tzinfo=UTC)
    body = single(TWO[1], prodid=HEADER.prodid, sent_at=sent)
    assert body == (SNAPSHOTS / "mail-attachment.ics").read_bytes()
    assert b"\r\nMETHOD:PUBLISH\r\n" in body
    assert b"\r\nDTSTAMP:20270101T000000Z\r\n" in body
    assert b"\r\nLAST-MODIFIED:20261020T081500Z\r\n" in body


def test_rules_29_and_44_methods():
    assert b"\r\nMETHOD:CANCEL\r\n" in single(TWO[0], method="CANCEL")
    with pytest.raises(ValueError, match="METHOD"):
        single(TWO[0], method="REQUEST")


def test_a_block_is_placed_without_reading_its_text():
    block = StoredBlock("u", datetime(2027, 1, 1, tzinfo=UTC), None, 2027, 2027, "BEGIN:X\r\n")
    assert feed(HEADER, [block]).endswith(b"BEGIN:X\r\nEND:VCALENDAR\r\n")
