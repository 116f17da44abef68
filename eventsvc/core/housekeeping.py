"""What the core throws away by itself."""

from __future__ import annotations

from eventsvc.core import clock, idempotency
from eventsvc.core.transactions import transaction


def expire_claims() -> None:
    """Forget idempotency claims whose 24 hours are over (api.md §3)."""
    with transaction() as session:
        idempotency.expire(session, clock.now(session))
