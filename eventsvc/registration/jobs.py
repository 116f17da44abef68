"""What time does to registrations: proofs expire, offers lapse, free places are given on.

Each event is a transaction of its own, under its lock; running twice changes nothing.
"""

from __future__ import annotations

from eventsvc.core import clock
from eventsvc.core.transactions import transaction
from eventsvc.registration import actions, queries


def expire_proofs() -> None:
    """Cancel registrations whose e-mail was not proved within five working days (every 600 s)."""
    with transaction(write=False) as session:
        due = queries.events_with_overdue_proofs(session, now=clock.now(session))
    for event_id in due:
        with transaction() as session:
            actions.expire_proofs(session, event_id, now=clock.now(session))


def expire_offers() -> None:
    """Take back lapsed offers and give free places to the next (every 60 s)."""
    with transaction(write=False) as session:
        due = queries.events_to_promote(session, now=clock.now(session))
    for event_id in due:
        with transaction() as session:
            actions.expire_offers(session, event_id, now=clock.now(session))
