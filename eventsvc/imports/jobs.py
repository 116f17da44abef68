"""Imports by the clock: done one by one, files forgotten after a week."""

from __future__ import annotations

from contextlib import suppress

import structlog

from eventsvc.core import clock
from eventsvc.core.errors import Refusal
from eventsvc.core.runner import stop_requested
from eventsvc.core.transactions import transaction
from eventsvc.core.work import Claimed, ClaimLost, note_progress, put_off
from eventsvc.imports import actions
from eventsvc.imports.policy import FILE_KEPT

log = structlog.get_logger(__name__)

READ = 50
"""Per cent, once the file is read: what is left is one transaction."""


def run() -> None:
    """Do the imports that wait, each in a transaction of its own (every 60 s, and when rung)."""
    while not stop_requested():
        with transaction() as session:
            claimed = actions.claim_next(session, now=clock.now(session))
        if claimed is None:
            return
        _import(claimed)


def forget() -> None:
    """Forget the files of imports a week after they came (daily)."""
    with transaction() as session:
        actions.forget_files(session, before=clock.now(session) - FILE_KEPT)


def _import(claimed: Claimed) -> None:
    """Do one; whatever comes of it stands in its job and does not hold up the others."""
    try:
        _try(claimed)
    except ClaimLost:
        log.info("imports.claim-lost", job_id=claimed.job_id)
    except Refusal as refusal:
        with suppress(ClaimLost), transaction() as session:
            actions.refuse(session, claimed, refusal, now=clock.now(session))
    except Exception:  # whatever went wrong, the job is put off and tried again
        log.exception("imports.failed", job_id=claimed.job_id)
        with suppress(ClaimLost), transaction() as session:
            put_off(session, claimed, now=clock.now(session))


def _try(claimed: Claimed) -> None:
    with transaction(write=False) as session:
        sent = actions.open_file(session, claimed)
    rows = actions.read(sent)
    with transaction() as session:
        note_progress(session, claimed, READ, now=clock.now(session))
    try:
        with transaction() as session:
            actions.carry_out(session, claimed, rows, now=clock.now(session))
    except actions.Undone as undone:
        with transaction() as session:
            actions.conclude(session, claimed, undone.rows, now=clock.now(session))
