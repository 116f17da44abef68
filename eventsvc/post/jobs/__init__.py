"""Periodic work of the sender: ``post.drain`` and ``post.reap`` (delivery.md §5, §10)."""

from __future__ import annotations

import random

import structlog

from eventsvc.core import clock, config
from eventsvc.core.transactions import transaction
from eventsvc.post import actions
from eventsvc.post.jobs.reports import tell_reaped
from eventsvc.post.jobs.runs import Drain

log = structlog.get_logger(__name__)


def drain() -> None:
    """Send what is due, for ``EVENTSVC_MAIL_DRAIN_LIMIT`` seconds at most, then ring again."""
    Drain(config.current()).run()


def reap() -> None:
    """Take back what senders held that died."""
    with transaction() as session:
        found = actions.reap(session, now=clock.now(session), random=random.random)
    tell_reaped(log, found)
