"""Rules 39 and 40: who has the feed already, who takes it compressed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsvc.feeds.policy import asks_for_gzip, is_unmodified, wants_plain

CHANGED = datetime(2027, 3, 1, 12, 0, 30, 500_000, tzinfo=UTC)
SECOND = CHANGED.replace(microsecond=0)
NOW = CHANGED + timedelta(hours=1)


def unmodified(tags=None, since=None):
    return is_unmodified("abc", CHANGED, if_none_match=tags, if_modified_since=since, now=NOW)


@pytest.mark.parametrize(
    ("tags", "same"),
    [
        ('"abc"', True),
        ('W/"abc"', True),
        ('"x", W/"y" , "abc"', True),
        ("*", True),
        (" * ", True),
        ('"abcd"', False),
        ('"x", "y"', False),
        ("abc", False),
        ("", False),
        ('"', False),
    ],
)
def test_rule_39_if_none_match(tags, same):
    assert unmodified(tags) is same


@pytest.mark.parametrize(
    ("since", "same"),
    [
        (SECOND, True),
        (SECOND + timedelta(seconds=1), True),
        (SECOND - timedelta(seconds=1), False),
        (NOW + timedelta(days=400), False),
        (None, False),
    ],
)
def test_rule_39_if_modified_since_is_a_date(since, same):
    assert unmodified(since=since) is same


def test_rule_39_if_none_match_wins():
    assert not unmodified('"other"', SECOND)
    assert unmodified('"abc"', SECOND - timedelta(days=1))


@pytest.mark.parametrize(
    ("header", "asked"),
    [
        ("gzip", True),
        ("br, GZIP;q=0.5", True),
        ("gzip, deflate, br, zstd", True),
        ("x-gzip", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("*", False),
        ("identity", False),
        ("br", False),
        ("", False),
        (None, False),
    ],
)
def test_rule_40_gzip_only_when_asked_for(header, asked):
    assert asks_for_gzip(header) is asked


@given(st.text(max_size=80))
def test_rule_40_any_header_is_read(header):
    assert asks_for_gzip(header) in (True, False)
    assert unmodified(header) in (True, False)


def test_rule_40_compression_can_be_switched_off_per_client():
    assert wants_plain("Microsoft Outlook/16.0 (x)", ("outlook/16",))
    assert not wants_plain("Thunderbird/140", ("outlook/16",))
    assert not wants_plain(None, ("outlook",))
    assert not wants_plain("anything", ())
