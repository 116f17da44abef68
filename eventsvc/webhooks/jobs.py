"""Sending what is due, several at a time: one receiver that hangs holds up nobody else.

Each outcome is a transaction of its own, so that a process that dies forgets one attempt at most.
"""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor, as_completed

import structlog

from eventsvc.core import clock
from eventsvc.core.runner import stop_requested
from eventsvc.core.transactions import transaction
from eventsvc.webhooks import actions
from eventsvc.webhooks.actions import Claimed, Outcome

log = structlog.get_logger(__name__)

RUN_S = 8.0
"""A run starts no further batch after this, so that it ends well before its lease."""


def send() -> None:
    """Send what is due (every 10 s)."""
    with transaction() as session:
        actions.reap(session, now=clock.now(session))
    end = clock.monotonic() + RUN_S
    while clock.monotonic() < end and not stop_requested():
        with transaction() as session:
            batch = actions.claim_due(session, now=clock.now(session))
        if not batch:
            return
        _send_all(batch)


def _send_all(batch: list[Claimed]) -> None:
    with ThreadPoolExecutor(len(batch), thread_name_prefix="webhook") as senders:
        for done in as_completed([senders.submit(_timed, claimed) for claimed in batch]):
            claimed, outcome, duration_ms = done.result()
            luck = random.uniform(-1, 1)  # noqa: S311  it spreads retries, it keeps no secret
            with transaction() as session:
                now = clock.now(session)
                actions.record_outcome(
                    session, claimed, outcome, duration_ms=duration_ms, luck=luck, now=now
                )
            log.info(
                "webhook.attempt",
                delivery_id=claimed.id,
                endpoint_id=claimed.endpoint_id,
                attempt=claimed.attempts,
                status=outcome.status,
                error=outcome.error,
                ms=duration_ms,
            )


def _timed(claimed: Claimed) -> tuple[Claimed, Outcome, int]:
    started = clock.monotonic()
    outcome = actions.call(claimed)
    return claimed, outcome, int((clock.monotonic() - started) * 1000)
