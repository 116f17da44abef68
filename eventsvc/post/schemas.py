"""What the doors of this room take and answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from eventsvc.core.pages import ListQuery
from eventsvc.core.text import (
    Answer,
    Body,
    Boolean,
    Choice,
    Email,
    Id,
    Instant,
    Integer,
    ListOf,
    Part,
    Query,
    Text,
)
from eventsvc.mail.models import OutboxAttempt, OutboxMessage, Suppression
from eventsvc.mail.policy import STATES, masked
from eventsvc.mail.schemas import MessageCountsOut
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
    announcement_id = Id()
    participant_id = Id()
    due_from = Instant()
    due_before = Instant()


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


class AttemptOut(Answer):
    """One attempt to send a message."""

    n = Integer()
    started_at = Instant()
    ended_at = Instant(allow_none=True)
    outcome = Text()
    smtp_code = Integer(allow_none=True)
    again = Boolean(metadata={"description": "It may have made a copy: the one before is unknown"})


class MessageFullOut(MessageOut):
    """One message with every attempt."""

    attempts_made = ListOf(Part(AttemptOut), max_items=1000)


class MessagesSummaryOut(Answer):
    """The messages of an event at a glance."""

    messages = Part(MessageCountsOut)
    due_now = Integer(metadata={"description": "Pending although they are due"})
    oldest_due_at = Instant(allow_none=True)


class AnnouncementTextPreviewOut(Answer):
    """One language of an announcement, as the mail that it becomes."""

    language = Text()
    people = Integer(metadata={"description": "How many read this text"})
    subject = Text()
    text = Text()
    html = Text()
    unknown_placeholders = ListOf(Text(), max_items=200)


class AnnouncementPreviewOut(Answer):
    """How many people get an announcement, and how it looks to the first of them."""

    people = Integer()
    shown_to = Text()
    texts = ListOf(Part(AnnouncementTextPreviewOut), max_items=24)


class ShownStateBody(Body):
    """The state that the caller saw, so that a double click acts once."""

    # what the caller saw, not something it sets
    server_set = Body.server_set - {"state"}

    state = Choice(("failed", "unknown"), required=True)


class AddressBody(Body):
    """Where a message that did not arrive goes now, and the state that the caller saw."""

    server_set = Body.server_set - {"state"}

    state = Choice(("failed", "unknown", "suppressed"), required=True)
    email = Email(required=True)


class SuppressionsQuery(ListQuery):
    """Filters of suppressions."""

    email = Email()
    reason = Text(max_length=200)


class LiftQuery(Query):
    """Why an address is written to again."""

    reason = Text(max_length=200, metadata={"description": "Needed, for the audit trail"})


class SuppressionBody(Body):
    """An address to write to no more. Without event and series: all mail of the organiser."""

    server_set = Body.server_set - {"event_id", "series_id"}

    email = Email(required=True)
    reason = Text(max_length=200, required=True)
    event_id = Id(allow_none=True)
    series_id = Id(allow_none=True)


class SuppressionOut(Answer):
    """An address that mail does not go to."""

    id = Id()
    address = Text(metadata={"description": "In full to event managers"})
    scope = Text(
        metadata={
            "description": "all, organiser:<id>, event:<id>, event:<id>:<purpose>, series:<id> "
            "or purpose:<name>"
        }
    )
    reason = Text()
    source = Text()
    created_at = Instant()
    version = Integer()


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


def shown_in_full(
    message: OutboxMessage, attempts: Iterable[OutboxAttempt], *, in_full: bool
) -> dict[str, Any]:
    """A message as :class:`MessageFullOut`."""
    named = ("n", "started_at", "ended_at", "outcome", "smtp_code", "again")
    made = [{name: getattr(attempt, name) for name in named} for attempt in attempts]
    return shown(message, in_full=in_full) | {"attempts_made": made}


def suppression_shown(found: Suppression, *, in_full: bool) -> dict[str, Any]:
    """A suppression as :class:`SuppressionOut`."""
    named = ("id", "scope", "reason", "source", "created_at", "version")
    address = found.address_lower if in_full else masked(found.address_lower)
    return {name: getattr(found, name) for name in named} | {"address": address}
