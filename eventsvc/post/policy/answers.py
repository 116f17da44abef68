"""What an answer of the mail server means for a message, its address, its domain, the channel.

delivery.md §7; enhanced codes: RFC 3463 and RFC 5321 §4.2.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

_ENHANCED = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})(?!\d|\.)")
_TOO_MANY = re.compile(r"too many|rate limit|throttl", re.IGNORECASE)
NO_SUCH_ADDRESS = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.10", "5.2.1"})
NOT_LET_IN = frozenset({530, 534, 535, 538})
REFUSED_ADDRESS = frozenset({550, 551, 553})


class Step(StrEnum):
    """Where in the dialogue an answer came."""

    CONNECT = "connect"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"


class Outcome(StrEnum):
    """How one attempt ended."""

    SENT = "sent"
    RETRY = "retry"
    FAILED = "failed"
    AMBIGUOUS = "ambiguous"
    CHANNEL = "channel"
    """The way out is closed: this says nothing about the message."""
    STOPPED = "stopped"
    """We are not let in: every message would fail for a reason that is ours."""


@dataclass(frozen=True)
class Answer:
    """What the server said, or ``code`` 0 and our word for what went wrong below SMTP."""

    step: Step
    code: int
    text: str

    @property
    def enhanced(self) -> str | None:
        """The enhanced status code at the start of the text, such as ``5.1.1``."""
        found = _ENHANCED.match(self.text.strip())
        return found[0] if found else None


@dataclass(frozen=True)
class Verdict:
    """What follows from an answer.

    ``error_class``: a word for the organiser's page and the metrics. ``suppress``: write to the
    address no more; ``suppress_if_again``: so if an earlier message met the same.
    """

    outcome: Outcome
    error_class: str | None = None
    suppress: bool = False
    suppress_if_again: bool = False
    slow_domain: bool = False

    @property
    def ours(self) -> bool:
        """Whether it failed for a reason that lies with us, which counts for the alarm."""
        return self.outcome is Outcome.FAILED and not (self.suppress or self.suppress_if_again)


def judge(answer: Answer, *, first: bool) -> Verdict:
    """What an answer means. ``first``: it is the first attempt of this message."""
    if answer.code in NOT_LET_IN:
        # After the mark of §5 step 4 the message can only be put off.
        stopped = answer.step is not Step.DATA
        return Verdict(Outcome.STOPPED if stopped else Outcome.RETRY, "not-let-in")
    if answer.step is Step.CONNECT or (answer.step is Step.MAIL and answer.code in (0, 421)):
        # A 5xx greeting refuses us, not a message.
        return Verdict(Outcome.CHANNEL, "no-connection")
    if answer.code == 0:
        return Verdict(Outcome.RETRY, "connection-lost")
    if 200 <= answer.code < 300:
        return Verdict(Outcome.SENT)
    if 500 <= answer.code < 600:
        return _refused(answer)
    return _put_off(answer, first=first)


def _put_off(answer: Answer, *, first: bool) -> Verdict:
    greylisted = first and answer.code in (450, 451) and answer.enhanced == "4.7.1"
    if greylisted:
        return Verdict(Outcome.RETRY, "greylisted")
    slow = answer.code == 421 or answer.enhanced == "4.7.28" or bool(_TOO_MANY.search(answer.text))
    return Verdict(Outcome.RETRY, "too-fast" if slow else "put-off", slow_domain=slow)


def _refused(answer: Answer) -> Verdict:
    if answer.step is Step.RCPT:
        if answer.enhanced in NO_SUCH_ADDRESS:
            return Verdict(Outcome.FAILED, "no-such-address", suppress=True)
        if answer.enhanced is None and answer.code in REFUSED_ADDRESS:
            return Verdict(Outcome.FAILED, "address-refused", suppress_if_again=True)
    if answer.enhanced == "5.3.4" or answer.code == 552:
        return Verdict(Outcome.FAILED, "too-large")
    return Verdict(Outcome.FAILED, "refused")


WORDS = {
    "no-such-address": "The address does not exist.",
    "address-refused": "The receiving server does not accept this address.",
    "too-large": "The message is too large for the receiving server.",
    "refused": "The receiving server refused the message; the reason lies with the sender.",
    "put-off": "The receiving server asks to wait; it is tried again.",
    "too-fast": "The receiving server wants fewer messages at once; it is tried again.",
    "greylisted": "The receiving server lets new senders wait a few minutes.",
    "not-let-in": "Our mail server does not let us in; the operator has been told.",
    "connection-lost": "The connection broke before the message was handed over.",
    "no-answer": "The server did not say whether it took the message.",
    "expired_retry": "It was tried for two days, or until it was of no use any more.",
    "poison": "The message could not be prepared; the operator has been told.",
    "letter": "The message could not be prepared; the operator has been told.",
}
"""Error class → what an organiser reads."""
