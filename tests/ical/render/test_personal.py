"""A stored text as a participant, a mail or a shortened feed shows it (rules 13-18, 41)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import icalendar
import pytest

from eventsvc.ical.policy import Stamp, description_shown
from eventsvc.ical.render import feed
from eventsvc.ical.render.items import (
    item_block,
    sent_block,
    stored_block,
    utc_block,
    without_abstract,
)
from eventsvc.ical.render.personal import personal_block
from eventsvc.ical.text import folded, unfolded
from tests.ical.examples import BARRIER, BARRIER_STAMP, HEADER, KEYNOTE, KEYNOTE_STAMP

BLOCK = item_block(KEYNOTE, KEYNOTE_STAMP)
LATER = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
BANNER = replace(BARRIER, starts=date(2027, 3, 10), ends=date(2027, 3, 13), status="CONFIRMED")


def changed_lines(old, new):
    """The lines of ``new`` that differ, after checking that nothing moved."""
    pairs = list(zip(old.split("\r\n"), new.split("\r\n"), strict=True))
    return [after for before, after in pairs if before != after]


def test_rule_41_the_participants_lines_are_filled_into_the_stored_text():
    mine = personal_block(BLOCK, sequence_plus=3, stamp_at=LATER, status="TENTATIVE", private=True)
    assert changed_lines(BLOCK, mine) == [
        "DTSTAMP:20261201T093000Z",
        "STATUS:TENTATIVE",
        "SEQUENCE:3",
        "LAST-MODIFIED:20261201T093000Z",
        "CLASS:PRIVATE",
    ]


def test_rule_18_a_confirmed_booking_takes_up_time():
    mine = personal_block(BLOCK, sequence_plus=0, status="CONFIRMED")
    assert changed_lines(BLOCK, mine) == ["TRANSP:OPAQUE"]
    assert personal_block(BLOCK, sequence_plus=0, transp="TRANSPARENT") == BLOCK
    assert personal_block(mine, sequence_plus=0) == mine


def test_rules_16_and_17_a_booking_never_hides_the_sessions_status():
    cancelled = item_block(BARRIER, BARRIER_STAMP)
    mine = personal_block(cancelled, sequence_plus=2, status="CONFIRMED")
    assert changed_lines(cancelled, mine) == ["SEQUENCE:4"]
    provisional = item_block(replace(KEYNOTE, status="TENTATIVE"), KEYNOTE_STAMP)
    assert personal_block(provisional, sequence_plus=0, status="CONFIRMED") == provisional
    banner = item_block(BANNER, BARRIER_STAMP)
    assert personal_block(banner, sequence_plus=0) == banner


def test_rule_13_a_booking_before_the_last_revision_does_not_turn_back_dtstamp():
    early = datetime(2026, 9, 2, tzinfo=UTC)
    mine = personal_block(BLOCK, sequence_plus=1, stamp_at=early, transp="TRANSPARENT")
    assert changed_lines(BLOCK, mine) == ["SEQUENCE:1"]


def test_rule_15_a_personal_sequence_stays_below_two_to_the_31():
    block = item_block(KEYNOTE, Stamp(2**31 - 1, KEYNOTE_STAMP.created, KEYNOTE_STAMP.changed))
    assert "SEQUENCE:2147483647\r\n" in personal_block(block, sequence_plus=9)


def test_rule_41_lines_within_texts_are_left_alone():
    trap = "\nSTATUS:X\nSEQUENCE:9\nTRANSP:Y " * 20
    block = item_block(replace(KEYNOTE, description=trap), KEYNOTE_STAMP)
    mine = personal_block(block, sequence_plus=1, status="TENTATIVE")
    assert changed_lines(block, mine) == ["STATUS:TENTATIVE", "SEQUENCE:1"]
    assert unfolded(without_abstract(block)).count(f"\r\nDESCRIPTION:{KEYNOTE.url}\r\n") == 1


@pytest.mark.parametrize(("block", "plus"), [(BLOCK, -1), ("BEGIN:VEVENT\r\n", 0)])
def test_a_personal_block_needs_a_stored_text_and_a_rising_counter(block, plus):
    with pytest.raises(ValueError, match="stored VEVENT"):
        personal_block(block, sequence_plus=plus)


def test_rule_13_a_mail_carries_its_sending_time():
    assert changed_lines(BLOCK, sent_block(BLOCK, LATER)) == ["DTSTAMP:20261201T093000Z"]


def test_rule_37_an_abstract_shrinks_to_its_url():
    short = without_abstract(BLOCK)
    line = f"DESCRIPTION:{KEYNOTE.url}"
    before, after = unfolded(BLOCK).split("\r\n"), unfolded(short).split("\r\n")
    assert after == [line if row.startswith("DESCRIPTION") else row for row in before]
    assert without_abstract(short) == short
    none = item_block(BARRIER, BARRIER_STAMP)
    assert without_abstract(none) == none


def test_rule_20_stored_wall_times_can_be_given_in_utc():
    assert changed_lines(BLOCK, utc_block(BLOCK, "Europe/Berlin")) == [
        "DTSTART:20270310T080000Z",
        "DTEND:20270310T093000Z",
    ]


JOIN = "https://stream.example.org/room?key=a,b;c"


def test_rule_25_who_joins_online_gets_the_address_twice():
    mine = personal_block(BLOCK, sequence_plus=0, join_url=JOIN)
    lines = unfolded(mine).split("\r\n")
    names = [re.split("[:;]", line)[0] for line in lines]
    assert names.index("CATEGORIES") + 1 == names.index("CONFERENCE")  # the order of rule 11
    assert f"CONFERENCE;VALUE=URI;FEATURE=VIDEO;LABEL=Join online:{JOIN}" in lines
    stored = replace(stored_block(KEYNOTE, KEYNOTE_STAMP), text=mine)
    (event,) = icalendar.Calendar.from_ical(feed(HEADER, [stored])).walk("VEVENT")
    first, second, *rest = str(event["DESCRIPTION"]).split("\n")
    assert (first, second) == (KEYNOTE.url, JOIN)
    assert rest == description_shown(KEYNOTE).split("\n")[1:]
    assert max(len(line.encode()) for line in mine.split("\r\n")) <= 75


def test_rule_25_an_item_without_text_gets_one():
    bare = stored_block(replace(KEYNOTE, description=None, categories=()), KEYNOTE_STAMP)
    mine = unfolded(personal_block(bare.text, sequence_plus=0, join_url=JOIN)).split("\r\n")
    names = [re.split("[:;]", line)[0] for line in mine]
    assert names[-4:-1] == ["DESCRIPTION", "CONFERENCE", "END"]
    assert mine[names.index("DESCRIPTION")].startswith(f"DESCRIPTION:{KEYNOTE.url}\\nhttps://")


def test_rule_37_a_long_item_loses_its_abstract_not_its_address():
    full = stored_block(replace(KEYNOTE, description="Größe, " * 400), KEYNOTE_STAMP)
    filler = folded("X-FILLER:" + "a" * 4500)
    heavy = full.text.replace("END:VEVENT", filler + "END:VEVENT")
    mine = personal_block(heavy, sequence_plus=0, join_url=JOIN)
    assert len(mine.encode()) <= 8_192
    assert "Größe\\, Größe" not in unfolded(mine)
    assert unfolded(mine).count("stream.example.org") == 2
