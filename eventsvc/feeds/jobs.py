"""What time does to feeds. Each feed is a transaction of its own; running twice changes nothing."""

from __future__ import annotations

import structlog

from eventsvc.core import clock
from eventsvc.core.runner import stop_requested
from eventsvc.core.transactions import transaction
from eventsvc.feeds import actions, queries
from eventsvc.feeds.policy import WARM_FOR

log = structlog.get_logger(__name__)

AT_ONCE = 500


def warm() -> None:
    """Join what has changed (every 60 s): public feeds, of parts those that are polled, of persons
    those fetched of late."""
    with transaction(write=False) as session:
        since = clock.now(session) - WARM_FOR
        due = [*queries.stale_public(session, limit=AT_ONCE)]
        due += queries.stale_parts(session, limit=AT_ONCE)
        due += queries.stale_personal(session, fetched_since=since, limit=AT_ONCE)
    for kind, scope_id in due:
        if stop_requested():
            return
        try:
            with transaction() as session:
                actions.join(session, kind, scope_id, now=clock.now(session))
        except Exception:  # one feed that cannot be written must not hold back the others
            log.exception("feed.not_joined", kind=kind, scope_id=scope_id)


def retire() -> None:
    """End personal addresses that nobody fetched for 13 months (daily)."""
    with transaction() as session:
        actions.revoke_unused(session, now=clock.now(session))
