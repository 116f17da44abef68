"""Decisions of the sender (delivery.md §5 to §9)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsvc.core.ids import new_id
from eventsvc.post.policy import (
    Answer,
    Bucket,
    Outcome,
    Step,
    alarming,
    bounce_address,
    channel_rest,
    halved,
    is_poison,
    judge,
    needs_extension,
    next_try,
    read_bounce_address,
    read_unsubscribe_token,
    retry_wait,
    stops_domain,
    take,
    together,
    unsubscribe_token,
)

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SECRET = "a test secret of more than thirty-two bytes"


@pytest.mark.parametrize(
    ("attempt", "minutes"),
    [(1, 1), (2, 5), (3, 15), (4, 30), (5, 60), (6, 120), (7, 240), (8, 240), (50, 240)],
)
def test_the_schedule_of_retries(attempt: int, minutes: int) -> None:
    assert retry_wait(attempt, error_class="put-off", random=lambda: 0.5) == minutes * MINUTE


@given(st.integers(1, 40), st.floats(0, 1, exclude_max=True))
def test_jitter_stays_within_a_fifth(attempt: int, chance: float) -> None:
    middle = retry_wait(attempt, error_class=None, random=lambda: 0.5)
    wait = retry_wait(attempt, error_class=None, random=lambda: chance)
    assert 0.8 * middle <= wait <= 1.2 * middle + timedelta(microseconds=1)


def test_greylisting_waits_exactly_five_minutes() -> None:
    assert retry_wait(1, error_class="greylisted", random=lambda: 0.9) == 5 * MINUTE


def test_no_try_after_48_hours_or_not_after() -> None:
    assert next_try(NOW, MINUTE, trying_since=NOW, not_after=None) == NOW + MINUTE
    long_ago = NOW - timedelta(hours=48)
    assert next_try(NOW, MINUTE, trying_since=long_ago, not_after=None) is None
    assert next_try(NOW, MINUTE, trying_since=NOW, not_after=NOW + MINUTE / 2) is None


@pytest.mark.parametrize(
    ("step", "code", "text", "first", "outcome", "word"),
    [
        (Step.DATA, 250, "2.0.0 ok", True, Outcome.SENT, None),
        (Step.CONNECT, 0, "ConnectionRefusedError", True, Outcome.CHANNEL, "no-connection"),
        (Step.CONNECT, 554, "no service", True, Outcome.CHANNEL, "no-connection"),
        (Step.MAIL, 421, "4.3.2 bye", True, Outcome.CHANNEL, "no-connection"),
        (Step.CONNECT, 535, "5.7.8 no", True, Outcome.STOPPED, "not-let-in"),
        (Step.MAIL, 530, "5.7.0 log in", True, Outcome.STOPPED, "not-let-in"),
        (Step.RCPT, 0, "TimeoutError", True, Outcome.RETRY, "connection-lost"),
        (Step.RCPT, 451, "4.7.1 greylisted", True, Outcome.RETRY, "greylisted"),
        (Step.RCPT, 451, "4.7.1 greylisted", False, Outcome.RETRY, "put-off"),
        (Step.RCPT, 421, "4.7.0 later", True, Outcome.RETRY, "too-fast"),
        (Step.MAIL, 550, "5.7.1 sender refused", True, Outcome.FAILED, "refused"),
        (Step.DATA, 554, "5.7.1 spam", True, Outcome.FAILED, "refused"),
    ],
)
def test_what_an_answer_means(
    step: Step, code: int, text: str, *, first: bool, outcome: Outcome, word: str | None
) -> None:
    verdict = judge(Answer(step, code, text), first=first)
    assert (verdict.outcome, verdict.error_class) == (outcome, word)
    assert not verdict.suppress


def test_only_no_such_address_at_rcpt_suppresses_at_once() -> None:
    assert judge(Answer(Step.RCPT, 550, "5.1.1 no"), first=True).suppress
    assert not judge(Answer(Step.RCPT, 550, "5.1.1 no"), first=True).ours
    assert not judge(Answer(Step.DATA, 550, "5.1.1 no"), first=True).suppress
    assert judge(Answer(Step.DATA, 550, "5.1.1 no"), first=True).ours
    assert not judge(Answer(Step.RCPT, 550, "5.1.11 no"), first=True).suppress
    assert judge(Answer(Step.RCPT, 550, "no"), first=True).suppress_if_again


@given(st.integers(1, 30), st.lists(st.integers(0, 400), max_size=200))
def test_a_bucket_never_gives_more_than_its_rate_in_a_window(rate: int, gaps: list[int]) -> None:
    bucket, at, taken = Bucket(NOW, 0), NOW, []
    for gap in gaps:
        at += timedelta(milliseconds=gap)
        bucket, wait = take(bucket, rate, at)
        if not wait:
            taken.append(at)
        else:
            assert timedelta(0) < wait <= timedelta(seconds=1)
    # a window of our own choosing meets two of the bucket's at most
    for start in taken:
        assert sum(start <= t < start + timedelta(seconds=1) for t in taken) <= 2 * rate


def test_a_slow_domain_gets_one_message_in_a_longer_window() -> None:
    rate = halved(5, 4)
    assert rate == 0.3125
    bucket, wait = take(None, rate, NOW)
    assert not wait
    assert take(bucket, rate, NOW)[1] == timedelta(seconds=3.2)
    assert halved(5, 30) == 0.1


def test_a_clock_set_back_does_not_close_a_bucket() -> None:
    assert take(Bucket(NOW + timedelta(hours=1), 99), 5, NOW)[1] == timedelta(0)


def test_what_may_have_killed_its_process_goes_alone() -> None:
    assert together([0, 0, 0]) == 3
    assert together([0, 0, 1, 0]) == 2
    assert together([1, 0]) == 1
    assert together([]) == 0
    assert [is_poison(count) for count in (4, 5)] == [False, True]


def test_thresholds() -> None:
    assert [stops_domain(count) for count in (2, 3)] == [False, True]
    assert [alarming(failed, 40) for failed in (2, 3)] == [False, True]
    assert [int(channel_rest(count).total_seconds()) for count in (1, 2, 6, 100)] == [
        30,
        60,
        600,
        600,
    ]
    lease = timedelta(seconds=60)
    assert needs_extension(NOW + timedelta(seconds=29), NOW, lease)
    assert not needs_extension(NOW + timedelta(seconds=30), NOW, lease)


def test_tokens_are_read_by_who_made_them_only() -> None:
    public_id, scope = new_id(), "event:" + new_id()
    token = unsubscribe_token(SECRET, public_id, scope)
    assert read_unsubscribe_token(SECRET, token) == (public_id, scope)
    for forged in (token[:-2] + "AA", "A" + token[1:], "", "x", "é", token + "!"):
        assert read_unsubscribe_token(SECRET, forged) is None
    assert read_unsubscribe_token(SECRET + "!", token) is None


def test_the_envelope_sender_names_its_message() -> None:
    public_id = new_id()
    address = bounce_address(SECRET, public_id, "a-rather-long-sender-name-here@example.org")
    assert len(address.rpartition("@")[0]) <= 64
    assert address == address.lower()
    assert read_bounce_address(SECRET, address) == public_id
    assert read_bounce_address(SECRET, address.upper()) == public_id
    assert read_bounce_address("another secret", address) is None
    assert read_bounce_address(SECRET, "events@example.org") is None
