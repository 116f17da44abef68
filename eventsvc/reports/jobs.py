"""Post-event reports by the clock: opened, written, released (delivery.md §10).

Each run is idempotent; after a downtime of days the first one does everything that is due.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import structlog

from eventsvc.core import clock, config
from eventsvc.core.runner import stop_requested
from eventsvc.core.transactions import transaction
from eventsvc.core.work import Claimed, ClaimLost, put_off
from eventsvc.reports import actions

log = structlog.get_logger(__name__)


def open_reports() -> None:
    """Open the report of each event that has ended (every 300 s)."""
    delay = timedelta(seconds=config.current().report_delay)
    with transaction() as session:
        actions.open_reports(session, delay=delay, now=clock.now(session))


def write_reports() -> None:
    """Write the reports that are open, each in a transaction of its own (every 60 s)."""
    while not stop_requested():
        with transaction() as session:
            claimed = actions.claim_next(session, now=clock.now(session))
        if claimed is None:
            return
        _write(claimed)


def release_reports() -> None:
    """Release what nobody released in time (every 3600 s)."""
    with transaction() as session:
        actions.release_due(session, now=clock.now(session))


def _write(claimed: Claimed) -> None:
    """Write one; a failure is noted on its job and does not hold up the others."""
    try:
        with transaction() as session:
            actions.write_claimed(session, claimed, now=clock.now(session))
    except ClaimLost:
        log.warning("reports.claim-lost", job_id=claimed.job_id)
    except Exception:  # whatever went wrong, the job is put off and tried again
        log.exception("reports.failed", job_id=claimed.job_id)
        with suppress(ClaimLost), transaction() as session:
            put_off(session, claimed, now=clock.now(session))
