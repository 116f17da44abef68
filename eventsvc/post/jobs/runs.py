"""One run of the sender: claim, send, record, give back (delivery.md §5, §11)."""

from __future__ import annotations

import random
import time
from collections import Counter, deque
from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError

from eventsvc.core import bell, clock
from eventsvc.core.config import Settings
from eventsvc.core.runner import stop_requested
from eventsvc.core.transactions import transaction
from eventsvc.mail.actions import DRAIN
from eventsvc.post import actions
from eventsvc.post.jobs.reports import tell_attempt, tell_reaped
from eventsvc.post.jobs.steps import Lost, Steps
from eventsvc.post.policy import (
    DOMAIN_REST_S,
    Answer,
    Batch,
    Claimed,
    Outcome,
    Verdict,
    alarming,
    judge,
    stops_domain,
)
from eventsvc.post.smtp import Envelope, NoAnswer, Refused, transport_for

log = structlog.get_logger(__name__)

LONGEST_PAUSE = timedelta(seconds=1)
"""A message that must wait longer for its domain is given back meanwhile."""
DOMAIN_REST = timedelta(seconds=DOMAIN_REST_S)
UNPREPARED = Verdict(Outcome.RETRY, "letter")
SILENT = Verdict(Outcome.AMBIGUOUS, "no-answer")


class Closed(Exception):  # noqa: N818  an outcome, not a defect
    """The channel rests; the message and the rest of the batch stay as they were."""


class Drain:
    """One run, with one connection of its own."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.transport = transport_for(
            settings.mail_url,
            own_name=settings.mail_from.rpartition("@")[2],
            connect_timeout=settings.mail_connect_timeout,
            data_timeout=settings.mail_data_timeout,
            monotonic=clock.monotonic,
        )
        self.steps = Steps(settings, throttled=self.transport.throttled)
        self.ends = clock.monotonic() + settings.mail_drain_limit
        self.put_off: Counter[str] = Counter()  # domain → 4xx in a row
        self.failed = 0
        self.heard = False

    def run(self) -> None:
        """Send until nothing is due, the time is over, the channel rests, or a stop is wanted."""
        try:
            while self._goes_on():
                batch = self._claim()
                if not batch.messages:
                    return
                self._send(batch)
            bell.ring(DRAIN)
        except Closed:
            return
        finally:
            self.transport.close()

    def _goes_on(self) -> bool:
        return not stop_requested() and clock.monotonic() < self.ends

    def _claim(self) -> Batch:
        with transaction() as session:
            now = clock.now(session)
            reaped = actions.reap(session, now=now, random=random.random)
            batch = actions.claim(
                session, batch=self.settings.mail_batch, lease=self.steps.lease, now=now
            )
        tell_reaped(log, reaped)
        return batch

    def _send(self, batch: Batch) -> None:
        """Send a batch; whatever is not tried is given back."""
        self.put_off.clear()
        self.failed, self.heard = 0, False
        left = deque(batch.messages)
        try:
            while left and self._goes_on():
                self._pass(batch, left)
        except Lost:
            log.warning("mail.lost", messages=len(left))
            left.clear()
        except Closed:
            self._give_back(batch, left)
            raise
        except Exception:
            left.popleft()  # the one in hand keeps its claim, so that it is counted (§5, poison)
            self._give_back(batch, left)
            raise
        self._give_back(batch, left)
        if batch.probe:
            self._end_probe()
        if alarming(self.failed, len(batch.messages)):
            log.error("mail.refused", failed=self.failed, batch=len(batch.messages))

    def _pass(self, batch: Batch, left: deque[Claimed]) -> None:
        """Try each message of the batch once; those of a domain that is full wait for the next."""
        full: dict[str, timedelta] = {}
        for _ in range(len(left)):
            if not self._goes_on():
                return
            message = left[0]  # it stays in ``left`` until it is dealt with
            wait = full.get(message.domain) or self._one(message)
            if wait > LONGEST_PAUSE:
                self._give_back(batch, [message], wait)
            elif wait:
                full[message.domain] = wait
                left.append(message)
            left.popleft()
        if full:
            time.sleep(min(full.values()).total_seconds())

    def _one(self, message: Claimed) -> timedelta:
        """Send one message; more than zero is how long it has to wait.

        Raises:
            Lost, Closed
        """
        if stops_domain(self.put_off[message.domain]):
            return DOMAIN_REST
        began = clock.monotonic()
        try:
            looked = self.steps.look(message)
            if looked.letter is None:
                return looked.wait
            written = self.steps.write(message, looked.letter, looked.at)
        except (Lost, OperationalError, InterfaceError):
            raise
        except Exception:
            # one bad letter must not stop the queue
            log.exception("mail.unprepared", row=message.id)
            at = self._now()
            self.steps.record(message, UNPREPARED, None, at)
            tell_attempt(log, message, UNPREPARED, None, seconds=clock.monotonic() - began)
            return timedelta(0)
        self._deliver(message, written, looked.at, began)
        return timedelta(0)

    def _deliver(self, message: Claimed, written: Envelope, at: datetime, began: float) -> None:
        """Steps 3 to 5."""
        answer: Answer | None
        try:
            self.transport.offer(written)
            if not self.steps.mark(message, at):
                self.transport.withdraw()
                raise Lost
            answer = self.transport.hand_over(written)
            verdict = judge(answer, first=message.attempts <= 1)
        except Refused as refused:
            answer = refused.answer
            verdict = judge(answer, first=message.attempts <= 1)
        except NoAnswer as silence:
            answer, verdict = None, SILENT
            self._ended(message, verdict, answer, at, began)
            if silence.timed_out and self.steps.note_silence():
                raise Closed from silence
            return
        if verdict.outcome in (Outcome.CHANNEL, Outcome.STOPPED):
            self.steps.rest_channel(verdict)
            raise Closed
        self._ended(message, verdict, answer, at, began)

    def _ended(
        self,
        message: Claimed,
        verdict: Verdict,
        answer: Answer | None,
        at: datetime,
        began: float,
    ) -> None:
        """Record an attempt, and count what it says about its domain and about us."""
        self.steps.record(message, verdict, answer, at)
        tell_attempt(log, message, verdict, answer, seconds=clock.monotonic() - began)
        self.heard = self.heard or bool(answer and answer.code)
        again = verdict.outcome is Outcome.RETRY
        self.put_off[message.domain] = self.put_off[message.domain] + 1 if again else 0
        self.failed += verdict.ours

    def _give_back(
        self, batch: Batch, messages: Iterable[Claimed], wait: timedelta = timedelta(0)
    ) -> None:
        ids = [message.id for message in messages]
        if not ids:
            return
        with transaction() as session:
            actions.give_back(session, batch.claim, ids, now=clock.now(session), wait=wait)

    def _end_probe(self) -> None:
        """A probe that heard the server opens the channel; one that met nobody tries again."""
        with transaction() as session:
            now = clock.now(session)
            actions.end_probe(session, works=self.heard, now=now)

    def _now(self) -> datetime:
        with transaction(write=False) as session:
            return clock.now(session)
