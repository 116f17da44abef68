"""Periodic work on sessions."""

from __future__ import annotations

from eventsvc.accounts import actions
from eventsvc.core import clock
from eventsvc.core.transactions import transaction


def forget_sessions() -> None:
    """Delete the rows of sessions that are over."""
    with transaction() as session:
        actions.forget_sessions(session, now=clock.now(session))
