"""Questions of the sender: messages, and what lies in the mailbox; letters in ``letters``."""

from eventsvc.post.queries.mailbox import Mailed, mailbox_messages, parsed
from eventsvc.post.queries.messages import (
    attempts_of,
    events_of_series,
    message_for,
    messages_for,
    messages_summary,
    recipient_of,
    scope_named,
    stopped_by,
)
from eventsvc.post.queries.previews import announcement_preview

__all__ = [
    "Mailed",
    "announcement_preview",
    "attempts_of",
    "events_of_series",
    "mailbox_messages",
    "message_for",
    "messages_for",
    "messages_summary",
    "parsed",
    "recipient_of",
    "scope_named",
    "stopped_by",
]
