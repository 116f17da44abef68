"""The fence before DATA, and what becomes of a message after it (delivery.md §5, §6, §7)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session

from eventsvc.mail import actions as mail
from eventsvc.mail.models import OutboxAttempt, OutboxMessage
from eventsvc.mail.policy import CLAIMED, EVERYTHING, PENDING, SENDING
from eventsvc.post.policy import HOLD, Answer, Claimed, Outcome, Verdict, next_try, retry_wait


def mark_sending(
    session: Session,
    message: Claimed,
    *,
    worker: str,
    lease: timedelta,
    first_attempt_at: datetime,
    now: datetime,
) -> bool:
    """The fence: True when the message is still this sender's, who may now say DATA.

    Compared and written in one statement, so that a sender that was paused longer than its lease
    hands nothing over. ``first_attempt_at``: the Date that stands in the message.
    """
    marked = session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.id == message.id,
            OutboxMessage.claim == message.claim,
            OutboxMessage.state == CLAIMED,
            OutboxMessage.lease_until > now,
        )
        .values(
            state=SENDING,
            handover_at=now,
            lease_until=now + lease,
            first_attempt_at=func.coalesce(OutboxMessage.first_attempt_at, first_attempt_at),
        )
        .execution_options(synchronize_session=False)
    )
    if marked.rowcount != 1:  # type: ignore[attr-defined]
        return False
    _begin_attempt(session, message.id, worker=worker, now=now)
    return True


def record(
    session: Session,
    message: Claimed,
    verdict: Verdict,
    answer: Answer | None,
    *,
    worker: str,
    started_at: datetime,
    now: datetime,
    random: Callable[[], float],
) -> str | None:
    """Write how an attempt ended; the new state, or None when the message is another's by now."""
    row = session.scalars(
        select(OutboxMessage)
        .where(
            OutboxMessage.id == message.id,
            OutboxMessage.claim == message.claim,
            OutboxMessage.state.in_((CLAIMED, SENDING)),
        )
        .with_for_update()
    ).one_or_none()
    if row is None:
        return None
    attempt = _open_attempt(session, row.id)
    if attempt is None:
        attempt = _begin_attempt(session, row.id, worker=worker, now=started_at)
    attempt.outcome, attempt.ended_at = verdict.outcome.value, now
    row.error_class = verdict.error_class
    if answer is not None:
        attempt.smtp_code = row.smtp_code = answer.code or None
        attempt.smtp_text = row.smtp_text = answer.text
    _settle(session, row, verdict, now=now, random=random)
    return row.state


def settle_ambiguous(
    session: Session, row: OutboxMessage, *, now: datetime, random: Callable[[], float]
) -> None:
    """End the attempt of a sender that died between DATA and its record (§6)."""
    attempt = _open_attempt(session, row.id)
    if attempt is not None:
        attempt.outcome, attempt.ended_at = Outcome.AMBIGUOUS.value, now
    row.error_class = "no-answer"
    verdict = Verdict(Outcome.AMBIGUOUS, "no-answer")
    _settle(session, row, verdict, now=now, random=random)


def _settle(
    session: Session,
    row: OutboxMessage,
    verdict: Verdict,
    *,
    now: datetime,
    random: Callable[[], float],
) -> None:
    """The new state of a message whose attempt ended so; its lease ends."""
    row.claim = row.lease_until = None
    row.unanswered = 0
    if verdict.outcome is Outcome.SENT:
        row.state, row.sent_at, row.ended_at = "sent", now, now
    elif verdict.outcome is Outcome.FAILED:
        row.state, row.ended_at = "failed", now
        _suppress(session, row, verdict, now=now)
    elif verdict.outcome is Outcome.AMBIGUOUS and row.purpose in HOLD:
        row.state, row.ended_at = "unknown", now
    else:
        _put_off(row, verdict, now=now, random=random)


def _put_off(
    row: OutboxMessage, verdict: Verdict, *, now: datetime, random: Callable[[], float]
) -> None:
    row.trying_since = row.trying_since or now
    wait = retry_wait(row.attempts, error_class=verdict.error_class, random=random)
    at = next_try(now, wait, trying_since=row.trying_since, not_after=row.not_after)
    if at is not None:
        row.state, row.next_try_at, row.ready_at = PENDING, at, at
    elif verdict.outcome is Outcome.AMBIGUOUS:
        row.state, row.ended_at = "unknown", now
    else:
        row.state, row.error_class, row.ended_at = "failed", "expired_retry", now


def _suppress(session: Session, row: OutboxMessage, verdict: Verdict, *, now: datetime) -> None:
    """Write no more to an address that does not exist (§7)."""
    if verdict.suppress_if_again:
        before = exists().where(
            OutboxMessage.contact_id == row.contact_id,
            OutboxMessage.id != row.id,
            OutboxMessage.state == "failed",
            OutboxMessage.error_class == verdict.error_class,
            OutboxMessage.address == row.address,
        )
        if not session.scalar(select(before)):
            return
    elif not verdict.suppress:
        return
    if row.address:
        mail.suppress(
            session, row.address, scope=EVERYTHING, reason="bounce", source="smtp", now=now
        )


def _open_attempt(session: Session, outbox_id: int) -> OutboxAttempt | None:
    return session.scalars(
        select(OutboxAttempt).where(
            OutboxAttempt.outbox_id == outbox_id, OutboxAttempt.ended_at.is_(None)
        )
    ).one_or_none()


def _begin_attempt(
    session: Session, outbox_id: int, *, worker: str, now: datetime
) -> OutboxAttempt:
    earlier = select(OutboxAttempt.n, OutboxAttempt.outcome)
    found = session.execute(earlier.where(OutboxAttempt.outbox_id == outbox_id)).all()
    attempt = OutboxAttempt(
        outbox_id=outbox_id,
        n=max((row.n for row in found), default=0) + 1,
        started_at=now,
        outcome="sending",
        worker=worker,
        again=any(row.outcome == Outcome.AMBIGUOUS.value for row in found),
    )
    session.add(attempt)
    return attempt
