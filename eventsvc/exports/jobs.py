"""Exports by the clock: made one by one, forgotten after a day."""

from __future__ import annotations

from contextlib import suppress

import structlog

from eventsvc.core import clock
from eventsvc.core.errors import Refusal
from eventsvc.core.runner import stop_requested
from eventsvc.core.transactions import transaction
from eventsvc.core.work import Claimed, ClaimLost, fail, put_off
from eventsvc.exports import actions

log = structlog.get_logger(__name__)


def run() -> None:
    """Make the exports that wait, each in a transaction of its own (every 60 s, when rung)."""
    while not stop_requested():
        with transaction() as session:
            claimed = actions.claim_next(session, now=clock.now(session))
        if claimed is None:
            return
        _make(claimed)


def forget() -> None:
    """Forget the files of exports a day after they were asked for (hourly)."""
    with transaction() as session:
        actions.forget_files(session, expired=clock.now(session))


def _make(claimed: Claimed) -> None:
    try:
        with transaction() as session:
            actions.make(session, claimed, now=clock.now(session))
    except ClaimLost:
        log.info("exports.claim-lost", job_id=claimed.job_id)
    except Refusal as refusal:
        with suppress(ClaimLost), transaction() as session:
            fail(session, claimed, refusal, now=clock.now(session))
    except Exception:  # whatever went wrong, the job is put off and tried again
        log.exception("exports.failed", job_id=claimed.job_id)
        with suppress(ClaimLost), transaction() as session:
            put_off(session, claimed, now=clock.now(session))
