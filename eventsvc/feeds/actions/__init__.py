"""Joining feeds, and the secret addresses of personal ones."""

from eventsvc.feeds.actions.joining import compress, join
from eventsvc.feeds.actions.rendering import personal_blocks
from eventsvc.feeds.actions.tokens import (
    calendar_address,
    calendar_token,
    forget_personal,
    mint_calendar,
    note_fetch,
    revoke_calendar,
    revoke_unused,
)

__all__ = [
    "calendar_address",
    "calendar_token",
    "compress",
    "forget_personal",
    "join",
    "mint_calendar",
    "note_fetch",
    "personal_blocks",
    "revoke_calendar",
    "revoke_unused",
]
