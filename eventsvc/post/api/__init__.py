"""Doors: what was sent, how it looks, and stopping it."""

from eventsvc.core.http import Door
from eventsvc.post.api import messages, previews, suppressions, unsubscribing

doors: tuple[Door, ...] = (
    messages.door,
    previews.door,
    suppressions.door,
    unsubscribing.door,
)
