"""When a message is tried again, how fast mail goes out, when the channel rests (§5 to §7)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

MINUTE = 60
HOUR = 3600
SCHEDULE_S = (
    MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR,
)  # fmt: skip
"""Waits after the first, second … attempt; the last one repeats."""
JITTER = 0.2
GREYLIST_WAIT_S = 5 * MINUTE
GIVE_UP_AFTER = timedelta(hours=48)
POISON_CLAIMS = 5
DOMAIN_STOPS_AFTER = 3
DOMAIN_REST_S = MINUTE
CHANNEL_REST_S = (30, 60, 120, 240, 480, 600)
DATA_TIMEOUTS = 2
DATA_TIMEOUT_WINDOW = timedelta(minutes=10)
SLOW_FOR = timedelta(minutes=15)
WINDOW = timedelta(seconds=1)
ALARM_SHARE = 0.05

HOLD = frozenset({"announcement"})
"""Purposes where a copy harms more than a miss: an ambiguous one waits for the organiser (§6)."""


def retry_wait(attempt: int, *, error_class: str | None, random: Callable[[], float]) -> timedelta:
    """How long to wait after the ``attempt``-th attempt (from 1), with ±20 % jitter.

    ``random`` gives numbers in [0, 1), as ``random.random``. Greylisting asks for a fixed time.
    """
    if error_class == "greylisted":
        return timedelta(seconds=GREYLIST_WAIT_S)
    step = SCHEDULE_S[min(max(attempt, 1), len(SCHEDULE_S)) - 1]
    return timedelta(seconds=step * (1 - JITTER + 2 * JITTER * random()))


def next_try(
    now: datetime, wait: timedelta, *, trying_since: datetime, not_after: datetime | None
) -> datetime | None:
    """When to try again, or None when that would be after ``not_after`` or the 48 hours."""
    until = trying_since + GIVE_UP_AFTER
    if not_after is not None:
        until = min(until, not_after)
    at = now + wait
    return at if at <= until else None


def is_poison(unanswered: int) -> bool:
    """Whether a message was claimed too often without any recorded outcome (§5)."""
    return unanswered >= POISON_CLAIMS


def together(unanswered: list[int]) -> int:
    """How many of these messages, in order of claiming, may be claimed at once.

    One that was claimed before and not answered for may have killed its process. It goes alone,
    so that no message beside it is taken for the culprit.
    """
    for place, count in enumerate(unanswered):
        if count > 0:
            return max(place, 1)
    return len(unanswered)


def channel_rest(failures: int) -> timedelta:
    """How long the whole channel rests after its ``failures``-th failure in a row (from 1)."""
    place = min(max(failures, 1), len(CHANNEL_REST_S)) - 1
    return timedelta(seconds=CHANNEL_REST_S[place])


def needs_extension(lease_until: datetime, now: datetime, lease: timedelta) -> bool:
    """Whether less than half of a lease is left."""
    return lease_until - now < lease / 2


def stops_domain(answers_in_a_row: int) -> bool:
    """Whether a domain gets no more attempts in this batch after so many 4xx in a row."""
    return answers_in_a_row >= DOMAIN_STOPS_AFTER


def halved(rate: int, halvings: int) -> float:
    """The rate of a domain that asked for less: half each time, one message in ten s at least."""
    return max(rate * 0.5**halvings, 0.1)


@dataclass(frozen=True)
class Bucket:
    """Messages ``used`` in the window that began at ``window_start``."""

    window_start: datetime
    used: int


def take(bucket: Bucket | None, rate: float, now: datetime) -> tuple[Bucket, timedelta]:
    """The bucket after taking one message out of it, and how long to wait when it was empty.

    With less than one message a second the window is as long as one message takes.
    """
    window = max(WINDOW, WINDOW / rate)
    allowed = max(int(rate), 1)
    if bucket is None or not bucket.window_start <= now < bucket.window_start + window:
        # a window in the future is left by a clock that was set back
        return Bucket(now, 1), timedelta(0)
    if bucket.used < allowed:
        return Bucket(bucket.window_start, bucket.used + 1), timedelta(0)
    return bucket, bucket.window_start + window - now


def alarming(failed: int, batch: int) -> bool:
    """Whether so many failures of a batch are our own fault (§7)."""
    return failed > ALARM_SHARE * batch
