"""What time does to bookings: offers lapse, free seats are given on."""

from __future__ import annotations

from eventsvc.bookings import actions, queries
from eventsvc.core import clock
from eventsvc.core.transactions import transaction


def expire_offers() -> None:
    """Take back lapsed offers and give free seats to the next (every 60 s)."""
    with transaction(write=False) as session:
        due = queries.items_to_promote(session, now=clock.now(session))
    for event_id, item_id in due:
        with transaction() as session:
            actions.expire_offers(session, event_id, item_id, now=clock.now(session))
