"""The steps of one message, each in its own short transaction (delivery.md §5, steps 2 to 5)."""

from __future__ import annotations

import os
import platform
import random
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from eventsvc.core import clock
from eventsvc.core.config import Settings
from eventsvc.core.transactions import transaction
from eventsvc.post import actions, queries
from eventsvc.post.policy import (
    Answer,
    Claimed,
    Ended,
    Letter,
    Outcome,
    Verdict,
    needs_extension,
)
from eventsvc.post.queries.letters import LETTERS
from eventsvc.post.render import render
from eventsvc.post.smtp import Envelope, Marks, Sender, envelope

log = structlog.get_logger(__name__)

MARGIN = timedelta(seconds=60)
"""What the lease of a message in DATA lasts beyond the time allowed for the answer (§5)."""
RECORD_TRIES = 5


class Lost(Exception):  # noqa: N818  an outcome, not a defect
    """Somebody else owns the message by now, and with it the rest of the batch."""


@dataclass(frozen=True)
class Looked:
    """What the second look found: a letter to send, or how long to wait first, or neither."""

    at: datetime
    letter: Letter | None = None
    wait: timedelta = timedelta(0)


class Steps:
    """Steps of the messages of one drain."""

    def __init__(self, settings: Settings, *, throttled: bool) -> None:
        self.settings = settings
        self.throttled = throttled
        self.lease = timedelta(seconds=settings.mail_lease)
        self.worker = f"{platform.node()}:{os.getpid()}"
        self.sender = Sender(settings.mail_from, settings.base_url, settings.secret_key)

    def look(self, message: Claimed) -> Looked:
        """Step 2: is it still ours, still right, still wanted, and may it go now?

        Raises:
            Lost: it is not ours.
        """
        with transaction() as session:
            now = clock.now(session)
            row = actions.held(session, message, now=now)
            if row is None or row.lease_until is None:
                raise Lost
            if needs_extension(row.lease_until, now, self.lease):
                actions.extend(session, message.claim, lease=self.lease, now=now)
            ended = _ended(queries.stopped_by(session, row), row.not_after, now)
            if ended is None:
                wait = self._token(session, message, now)
                if wait:
                    return Looked(now, wait=wait)
            letter = ended or LETTERS[message.purpose](session, row, now)
            if isinstance(letter, Ended):
                actions.end(session, message, letter, now=now)
                return Looked(now)
            return Looked(now, letter)

    def _token(self, session: Session, message: Claimed, now: datetime) -> timedelta:
        if not self.throttled:
            return timedelta(0)
        return actions.take_token(
            session,
            message.domain,
            domain_rate=self.settings.mail_domain_rate,
            total_rate=self.settings.mail_total_rate,
            now=now,
        )

    def write(self, message: Claimed, letter: Letter, at: datetime) -> Envelope:
        """Step 3, first half: the words and the bytes."""
        url = self.sender.unsubscribe_url(message.public_id, letter)
        context = {**letter.context, "unsubscribe_url": url}
        marks = Marks(
            public_id=message.public_id,
            key=message.key,
            purpose=message.purpose,
            event_id=message.event_id,
            address=message.address,
            first_attempt_at=message.first_attempt_at or at,
        )
        rendered = render(letter.template, message.locale, context)
        return envelope(self.sender, marks, letter, rendered)

    def mark(self, message: Claimed, at: datetime) -> bool:
        """Step 4: the fence."""
        allowed = timedelta(seconds=self.settings.mail_data_timeout)
        with transaction() as session:
            return actions.mark_sending(
                session,
                message,
                worker=self.worker,
                lease=allowed + MARGIN,
                first_attempt_at=message.first_attempt_at or at,
                now=clock.now(session),
            )

    def record(
        self, message: Claimed, verdict: Verdict, answer: Answer | None, started_at: datetime
    ) -> None:
        """Step 5: what became of it. Tried again when the database is away for a moment,
        because a lost record means a copy."""
        for tries in range(1, RECORD_TRIES + 1):
            try:
                self._record(message, verdict, answer, started_at)
            except OperationalError:
                if tries == RECORD_TRIES:
                    raise
                time.sleep(tries)
            else:
                return

    def _record(
        self, message: Claimed, verdict: Verdict, answer: Answer | None, started_at: datetime
    ) -> None:
        with transaction() as session:
            now = clock.now(session)
            state = actions.record(
                session,
                message,
                verdict,
                answer,
                worker=self.worker,
                started_at=started_at,
                now=now,
                random=random.random,
            )
            if verdict.slow_domain:
                actions.slow_down(session, message.domain, now=now)
        if state is None:
            log.warning("mail.late", row=message.id, outcome=verdict.outcome.value)

    def rest_channel(self, verdict: Verdict) -> None:
        """Let the whole channel rest: the way out is closed, or we are not let in."""
        stopped = verdict.outcome is Outcome.STOPPED
        with transaction() as session:
            now = clock.now(session)
            rest = actions.rest_channel(session, stopped=stopped, now=now)
        tell = log.error if stopped else log.warning
        tell("mail.channel", reason=verdict.error_class, rest_s=rest.total_seconds())

    def note_silence(self) -> bool:
        """Count a time-out after DATA; True when the channel rests now."""
        with transaction() as session:
            return actions.note_silence(session, now=clock.now(session))


def _ended(stopped_by: str | None, not_after: datetime | None, now: datetime) -> Ended | None:
    if not_after is not None and now >= not_after:
        return Ended("expired", "too-late")
    return Ended("suppressed", stopped_by) if stopped_by else None
