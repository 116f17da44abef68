"""What a letter is (delivery.md §8)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a letter."""

    filename: str
    media_type: str
    body: bytes


@dataclass(frozen=True)
class Letter:
    """What a message says, looked up when it is sent.

    Args:
        template: folder of ``post/templates``.
        context: values of the template; plain values, never rows.
        sender_name: display name of ``From``: the title of the event.
        reply_to: the organiser's mailbox.
        calendar: bytes of an iCalendar object; its METHOD is ``calendar_method``.
        list_name: what the list is called (``reminders``, ``digests``, ``reports``); given for
            what can be unsubscribed, it makes the ``List-*`` headers.
        unsubscribe_scope: scope of the suppression that unsubscribing makes, e.g. ``event:<id>``.
        series: slug of the series, for ``Feedback-ID``.
        language: BCP 47 tag of the words, where people wrote them in a language that our own
            words around them need not have.
    """

    template: str
    context: dict[str, Any]
    sender_name: str
    reply_to: str
    calendar: bytes | None = None
    calendar_method: str = "PUBLISH"
    list_name: str | None = None
    unsubscribe_scope: str | None = None
    attachments: tuple[Attachment, ...] = field(default_factory=tuple)
    series: str | None = None
    language: str | None = None


@dataclass(frozen=True)
class Ended:
    """Why a claimed message is not sent after all: its terminal state and the reason.

    ``state``: ``cancelled``, ``expired`` or ``suppressed``; ``reason``: a word such as ``moved``.
    """

    state: str
    reason: str


@dataclass(frozen=True)
class Rendered:
    """The words of a message. ``locale``: the language they really are in."""

    subject: str
    text: str
    html: str
    locale: str
