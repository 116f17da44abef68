"""Spans of time that decide about feeds. Nothing here reads a clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from eventsvc.ical.policy import PAST_DAYS

NOTED_EVERY = timedelta(hours=1)
WARM_FOR = timedelta(days=2)
"""Personal feeds fetched within this time are joined before they are asked for."""

UNUSED_FOR = timedelta(days=396)
"""13 months without a fetch end a personal address (rule 30)."""


def cutoff(changed_at: datetime) -> date:
    """Items that started before this day leave a feed that is too large (rule 37).

    Counted from the stored last change, so that the bytes do not depend on the clock (rule 36).
    """
    return changed_at.date() - timedelta(days=PAST_DAYS)


def later_than(changed_at: datetime, before: datetime | None) -> datetime:
    """``Last-Modified`` of new bytes, in whole seconds: later than that of the bytes before.

    Two changes within one second must not share a date, or If-Modified-Since keeps the first.
    """
    whole = changed_at.replace(microsecond=0)
    return whole if before is None else max(whole, before + timedelta(seconds=1))


def fetch_is_due(last_fetch_at: datetime | None, now: datetime) -> bool:
    """Whether a fetch at ``now`` is to be noted: the first one, then at most one an hour."""
    return last_fetch_at is None or last_fetch_at <= now - NOTED_EVERY


def unused_since(now: datetime) -> datetime:
    """Personal addresses that were last fetched (or made) before this instant end."""
    return now - UNUSED_FOR
