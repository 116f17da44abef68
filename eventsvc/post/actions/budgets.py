"""How fast mail may go out, and when the whole channel rests (delivery.md §7).

Rows of ``domain_budgets``, shared by all workers: one per domain, ``*`` for the channel, and
``*silence`` for time-outs after DATA. Whoever locks two of them takes ``*`` first.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventsvc.core.jobs import insert_once
from eventsvc.mail.models import DomainBudget
from eventsvc.post.policy import (
    DATA_TIMEOUT_WINDOW,
    DATA_TIMEOUTS,
    SLOW_FOR,
    Bucket,
    channel_rest,
    halved,
    take,
)

CHANNEL = "*"
SILENCE = "*silence"
LONGEST_REST = 100
"""Failures of a channel that does not let us in: more than any step of the schedule."""


def take_token(
    session: Session, domain: str, *, domain_rate: int, total_rate: int, now: datetime
) -> timedelta:
    """Count one message to ``domain``; zero, or how long to wait because nothing is left."""
    channel = _locked(session, CHANNEL, now)
    own = _locked(session, domain, now)
    rate = float(domain_rate)
    if own.cool_until is not None and own.cool_until > now:
        rate = halved(domain_rate, own.failures)
    all_left, wait_all = take(Bucket(channel.window_start, channel.used), total_rate, now)
    own_left, wait_own = take(Bucket(own.window_start, own.used), rate, now)
    if wait_all or wait_own:
        return max(wait_all, wait_own)
    channel.window_start, channel.used = all_left.window_start, all_left.used
    own.window_start, own.used = own_left.window_start, own_left.used
    return timedelta(0)


def slow_down(session: Session, domain: str, *, now: datetime) -> None:
    """Halve the rate of a domain that wants fewer messages, for a quarter of an hour."""
    own = _locked(session, domain, now)
    slowed = own.cool_until is not None and own.cool_until > now
    own.failures = min(own.failures + 1, 10) if slowed else 1
    own.cool_until = now + SLOW_FOR


def begin_probe(
    session: Session, batch: int, *, lease: timedelta, now: datetime
) -> tuple[int, bool]:
    """How many messages may be claimed, and whether that is the one that tries the channel.

    After a rest one sender gets one message; the others wait until it has answered or its lease
    has ended.
    """
    failures = session.scalar(select(DomainBudget.failures).where(DomainBudget.domain == CHANNEL))
    if not failures:
        return batch, False
    channel = _locked(session, CHANNEL, now)
    if channel.cool_until is not None and channel.cool_until > now:
        return 0, False
    channel.cool_until = now + lease
    return 1, True


def end_probe(session: Session, *, works: bool, now: datetime) -> None:
    """The channel works again; or the probe ended without a word from the server."""
    channel = _locked(session, CHANNEL, now)
    channel.cool_until = None if works else now
    channel.failures = 0 if works else channel.failures


def rest_channel(session: Session, *, stopped: bool, now: datetime) -> timedelta:
    """Stop sending for a while, longer each time; returns how long.

    ``stopped``: we were not let in, so it rests as long as it ever does.
    """
    channel = _locked(session, CHANNEL, now)
    channel.failures = LONGEST_REST if stopped else min(channel.failures + 1, LONGEST_REST - 1)
    rest = channel_rest(channel.failures)
    channel.cool_until = now + rest
    return rest


def note_silence(session: Session, *, now: datetime) -> bool:
    """Count a time-out after DATA; True when the channel rests because there were too many."""
    silence = _locked(session, SILENCE, now)
    recent = silence.window_start <= now < silence.window_start + DATA_TIMEOUT_WINDOW
    if not recent or silence.used == 0:
        silence.window_start, silence.used = now, 1
        return False
    silence.used += 1
    if silence.used < DATA_TIMEOUTS:
        return False
    silence.used = 0
    rest_channel(session, stopped=False, now=now)
    return True


def _locked(session: Session, name: str, now: datetime) -> DomainBudget:
    """The row called ``name``, made when it is missing, locked to the end of the transaction."""
    wanted = (
        select(DomainBudget)
        .where(DomainBudget.domain == name)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    session.flush()
    found = session.scalars(wanted).one_or_none()
    if found is not None:
        return found
    values = {"domain": name, "window_start": now, "used": 0, "failures": 0}
    session.execute(insert_once(session, DomainBudget, values, on=["domain"]))
    return session.scalars(wanted).one()
