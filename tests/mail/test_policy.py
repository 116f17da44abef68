"""Keys, suppression, masks (delivery.md §2, §9)."""

from __future__ import annotations

import hashlib

import pytest

from eventsvc.mail.policy import (
    is_scope,
    masked,
    message_key,
    scopes_that_stop,
    stopping,
)


def test_the_key_is_the_digest_of_its_parts_spelled_out() -> None:
    key = message_key("r-1", "reminder", "event", "e-1", offset_s=604800, revision=2)
    assert key == hashlib.sha256(b"r-1|reminder|event:e-1|604800|2").hexdigest()


def test_each_part_changes_the_key() -> None:
    parts = ("r", "p", "t", "s")
    keys = {message_key(*parts)}
    for place in range(4):
        changed = list(parts)
        changed[place] = "x"
        keys.add(message_key(*changed))
    keys |= {message_key(*parts, offset_s=1), message_key(*parts, revision=1)}
    assert len(keys) == 7


def test_the_scopes_of_a_message() -> None:
    assert scopes_that_stop("e", "s", "reminder") == {
        "all", "event:e", "event:e:reminder", "series:s", "purpose:reminder",
    }  # fmt: skip
    assert scopes_that_stop(None, None, "report", "o") == {
        "all", "purpose:report", "organiser:o",
    }  # fmt: skip
    assert scopes_that_stop(None, None, "report") == {"all", "purpose:report"}


@pytest.mark.parametrize(
    ("scope", "reason", "transactional", "other"),
    [
        ("all", "bounce", True, True),
        ("all", "blocked", True, True),
        ("all", "complaint", False, True),
        ("event:e", "unsubscribed", False, True),
        ("purpose:reminder", "unsubscribed", False, True),
    ],
)
def test_transactional_mail_is_stopped_by_bounces_only(
    scope: str, reason: str, *, transactional: bool, other: bool
) -> None:
    found = [(scope, reason)]
    assert (stopping(found, priority=0) == reason) == transactional
    assert (stopping(found, priority=5) == reason) == other
    assert stopping([], priority=9) is None


def test_scopes() -> None:
    for good in ("all", "event:x", "series:x", "purpose:reminder"):
        assert is_scope(good)
    for bad in ("", "event:", "event", "other:x", "ALL"):
        assert not is_scope(bad)


def test_a_mask_leaves_the_first_letter_and_the_domain() -> None:
    assert masked("marie@example.org") == "m…@example.org"
    assert masked(None) is None
