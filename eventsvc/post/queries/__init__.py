"""Questions of the sender: messages, and what lies in the mailbox; letters in ``letters``."""

from eventsvc.post.queries.mailbox import Mailed, mailbox_messages, parsed
from eventsvc.post.queries.messages import (
    events_of_series,
    message_for,
    messages_for,
    recipient_of,
    stopped_by,
)

__all__ = [
    "Mailed",
    "events_of_series",
    "mailbox_messages",
    "message_for",
    "messages_for",
    "parsed",
    "recipient_of",
    "stopped_by",
]
