"""Sealing the audit trail by the clock."""

from __future__ import annotations

import structlog

from eventsvc.audit import actions, queries
from eventsvc.core import clock
from eventsvc.core.runner import stop_requested
from eventsvc.core.transactions import transaction

log = structlog.get_logger(__name__)


def seal() -> None:
    """Seal what was written since the last run (every 3600 s).

    The heads go to the log, which lies outside the database: with one of them it can be shown
    that a chain was not written anew as a whole.
    """
    while not stop_requested():
        with transaction() as session:
            if not actions.seal(session, now=clock.now(session)):
                break
    with transaction(write=False) as session:
        heads = queries.heads(session)
    for chain, head in heads.items():
        log.info("audit.sealed", chain=chain, number=head.number, digest=head.digest)
