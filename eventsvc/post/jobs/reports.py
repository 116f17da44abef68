"""What the sender writes into the log: one line per attempt, and alarms (delivery.md §12)."""

from __future__ import annotations

from typing import Any

from eventsvc.post.policy import Answer, Claimed, Reaped, Verdict


def tell_attempt(
    log: Any, message: Claimed, verdict: Verdict, answer: Answer | None, *, seconds: float
) -> None:
    """One line for one attempt, without the address."""
    log.info(
        "mail.attempt",
        row=message.id,
        purpose=message.purpose,
        event_id=message.event_id,
        attempt=message.attempts,
        outcome=verdict.outcome.value,
        error_class=verdict.error_class,
        code=answer.code if answer else None,
        ms=round(seconds * 1000),
    )


def tell_reaped(log: Any, found: Reaped) -> None:
    """Say what dead senders left; poison and ambiguity are alarms."""
    if found.freed:
        log.warning("mail.freed", messages=found.freed)
    if found.ambiguous:
        log.error("mail.ambiguous", rows=list(found.ambiguous))
    if found.poisoned:
        log.error("mail.poison", rows=list(found.poisoned))
