"""Reminders ahead of time and announcements (every 60 s, and at once after a change)."""

from __future__ import annotations

from datetime import timedelta

from eventsvc.core import clock, config
from eventsvc.core.transactions import transaction
from eventsvc.reminders import actions, queries

BATCH = 2_000
AT_ONCE = 200


def plan() -> None:
    """Queue the reminders due within the horizon, in batches of one transaction each."""
    horizon = timedelta(seconds=config.current().reminder_horizon)
    queued = BATCH
    while queued >= BATCH:
        with transaction() as session:
            now = clock.now(session)
            queued = actions.plan_reminders(session, now=now, horizon=horizon, limit=BATCH)


def announce() -> None:
    """Queue the messages of announcements whose moment has come, in batches, and end those done."""
    more = True
    while more:
        with transaction() as session:
            now = clock.now(session)
            more = actions.announce(session, now=now, limit=BATCH)
    more = True
    while more:
        with transaction() as session:
            more = actions.end_announcement(session, now=clock.now(session))


def seal() -> None:
    """Seal the digests that are due, each in a transaction of its own (every 60 s)."""
    with transaction(write=False) as session:
        due = queries.digests_due(session, now=clock.now(session), limit=AT_ONCE)
    for event_id, digest_id in due:
        with transaction() as session:
            actions.seal_digests(session, event_id, digest_id, now=clock.now(session))
