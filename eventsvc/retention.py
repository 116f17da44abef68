"""Everything that goes by time: the one list of rules, and the daily run (security.md §3)."""

from __future__ import annotations

from collections.abc import Iterator

import structlog

from eventsvc.audit import actions as audit
from eventsvc.core import clock, retention
from eventsvc.core.retention import Rule
from eventsvc.core.runner import stop_requested
from eventsvc.core.transactions import transaction
from eventsvc.mail.actions import keeping as mail
from eventsvc.registration.actions import keeping as registration
from eventsvc.webhooks.actions import keeping as webhooks

log = structlog.get_logger(__name__)

RULES: tuple[Rule, ...] = (
    *retention.RULES,
    *registration.RULES,
    *mail.RULES,
    *webhooks.RULES,
    *audit.RULES,
)


def tidy() -> None:
    """Let everything go whose time is over, batch by batch (daily)."""
    for name, gone in run():
        if gone:
            log.info("retention.gone", rule=name, rows=gone)


def run() -> Iterator[tuple[str, int]]:
    """Apply rule after rule; yields each name and how many rows went.

    A batch is a transaction of its own. A rule that fails does not hold up the others; the run
    then ends with its error.
    """
    failed: list[Exception] = []
    for rule in RULES:
        try:
            gone = _apply(rule)
        except Exception as error:
            log.exception("retention.failed", rule=rule.name)
            failed.append(error)
        else:
            yield rule.name, gone
    if failed:
        raise failed[0]


def due() -> list[tuple[Rule, int]]:
    """What :func:`run` would let go now; nothing is changed."""
    with transaction(write=False) as session:
        now = clock.now(session)
        return [(rule, rule.due(session, now=now)) for rule in RULES]


def _apply(rule: Rule) -> int:
    gone, last = 0, None
    while not stop_requested():
        with transaction() as session:
            keys = rule.next_batch(session, now=clock.now(session))
        if keys and keys == last:
            raise RuntimeError(f"{rule.name}: the same rows are wanted again")
        gone, last = gone + len(keys), keys
        if len(keys) < retention.MOST_AT_ONCE:
            break
    return gone
