"""The steps of handing over, and how they end (delivery.md §5).

Up to :meth:`Transport.offer` nothing is handed over, so a failure is certain; the sender puts its
mark between the two steps.
"""

from __future__ import annotations

from typing import Protocol

from eventsvc.post.policy import Answer
from eventsvc.post.smtp.message import Envelope


class Refused(Exception):  # noqa: N818  the server's answer, not a defect of ours
    """The server did not take a step; nothing was handed over. ``answer`` says what it said."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"{answer.step} {answer.code}")
        self.answer = answer


class NoAnswer(Exception):  # noqa: N818
    """The content went out and nobody knows whether it arrived (RFC 1047).

    ``timed_out``: the server kept silent; otherwise the connection broke.
    """

    def __init__(self, *, timed_out: bool) -> None:
        super().__init__("no answer after DATA")
        self.timed_out = timed_out


class Transport(Protocol):
    """One way out, used by one drain."""

    throttled: bool

    def offer(self, envelope: Envelope) -> None:
        """Open or reuse the connection, MAIL FROM and RCPT TO. Raises :class:`Refused`."""

    def hand_over(self, envelope: Envelope) -> Answer:
        """DATA. Raises :class:`NoAnswer` or :class:`Refused`; else the answer, of any code."""

    def withdraw(self) -> None:
        """Forget what was offered (RSET)."""

    def close(self) -> None:
        """End the connection."""
