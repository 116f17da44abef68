"""What the doors of this room take and answer."""

from __future__ import annotations

from typing import Any

from eventsvc.core.pages import ListQuery
from eventsvc.core.text import Answer, Body, Choice, Id, Instant, Integer, ListOf, Text
from eventsvc.mail.models import OutboxMessage
from eventsvc.mail.policy import STATES, masked
from eventsvc.post.policy import WORDS

SHOWN = (
    "purpose", "state", "subject_type", "subject_id", "locale", "attempts", "due_at",
    "next_try_at", "sent_at", "ended_at", "created_at", "smtp_code", "smtp_text", "error_class",
)  # fmt: skip
REASONS = {
    "handled": "Somebody saw to it in another way.",
    "bounce": "Mail to this address came back before.",
    "complaint": "The recipient complained about mail of ours.",
    "unsubscribed": "The recipient does not want such mail.",
    "too-late": "Its moment had passed.",
}


class MessagesQuery(ListQuery):
    """Filters of the messages of an event."""

    state = ListOf(Choice(STATES), max_items=len(STATES))
    purpose = ListOf(Text(max_length=60), max_items=20)


class MessageOut(Answer):
    """One message to one address, and what became of it."""

    id = Id()
    purpose = Text()
    state = Choice(STATES)
    address = Text(allow_none=True, metadata={"description": "In full to event managers"})
    subject_type = Text()
    subject_id = Text()
    locale = Text()
    attempts = Integer(minimum=0)
    due_at = Instant()
    next_try_at = Instant(allow_none=True)
    sent_at = Instant(allow_none=True)
    ended_at = Instant(allow_none=True)
    created_at = Instant()
    smtp_code = Integer(allow_none=True)
    smtp_text = Text(allow_none=True)
    error_class = Text(allow_none=True)
    reason = Text(allow_none=True, metadata={"description": "Why, in plain words"})


class ShownStateBody(Body):
    """The state that the caller saw, so that a double click acts once."""

    state = Choice(("failed", "unknown"), required=True)


def shown(message: OutboxMessage, *, in_full: bool) -> dict[str, Any]:
    """A message as :class:`MessageOut`; the address is masked unless ``in_full``."""
    row: dict[str, Any] = {name: getattr(message, name) for name in SHOWN}
    word = message.cancelled_reason
    reason = WORDS.get(message.error_class or "") or (REASONS.get(word, word) if word else None)
    return row | {
        "id": message.public_id,
        "address": message.address if in_full else masked(message.address),
        "smtp_text": message.smtp_text if in_full else None,
        "reason": reason,
    }
