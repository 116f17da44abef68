"""Mails a second: the drain beside bare smtplib, to the same server, with the same bytes."""

from __future__ import annotations

import smtplib
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from bench.edition import Edition, application
from dev.processes import Group, answers, free_port, start
from eventsvc.core import clock
from eventsvc.core.rights import system
from eventsvc.core.transactions import transaction
from eventsvc.mail.models import OutboxMessage
from eventsvc.post import jobs
from eventsvc.registration import actions as registration

UNTHROTTLED = 1_000_000
LONGEST_S = 60


@dataclass(frozen=True)
class Mails:
    """Mails a second: medians of the rounds."""

    rate: float
    bare: float
    ratio: float
    size: int


def measure(folder: Path, url: str, edition: Edition, *, rounds: int, mails: int) -> Mails | None:
    """Confirmations of ``mails`` registrations a round; None where nothing is written to guests."""
    port, last = free_port(), folder / "last.eml"
    changes = {
        "mail_url": f"smtp://127.0.0.1:{port}",
        "mail_total_rate": UNTHROTTLED,
        "mail_domain_rate": UNTHROTTLED,
    }
    with Group() as group, application(folder, url, **changes):
        command = [sys.executable, "-m", "bench.sink", str(port), str(last)]
        sink = group.add(start("mail server", command, log=folder / "mails.log"))
        sink.wait_until(lambda: answers(port))
        rates: list[tuple[float, float]] = []
        for number in range(rounds):
            _register(edition, number, mails)
            ours = _drained(mails)
            if ours is None:
                return None
            content = last.read_bytes()
            rates.append((ours, _bare(port, content, mails)))
    return Mails(
        statistics.median(ours for ours, _ in rates),
        statistics.median(bare for _, bare in rates),
        statistics.median(ours / bare for ours, bare in rates),
        len(content),
    )


def _register(edition: Edition, number: int, mails: int) -> None:
    actor = system("bench")
    with transaction() as session:
        now = clock.now(session)
        for guest in range(mails):
            name, email = f"Sam Example {guest}", f"sam{number}-{guest}@example.org"
            person = {"name": name, "email": email, "synthetic": True}
            registration.register(session, actor, edition.id, person, now=now)


def _left() -> int:
    with transaction(write=False) as session:
        due = OutboxMessage.state == "pending", OutboxMessage.ready_at <= clock.now(session)
        return session.scalar(select(func.count()).select_from(OutboxMessage).where(*due)) or 0


def _drained(expected: int) -> float | None:
    """Send what is due; mails a second, or None when fewer were due than ``expected``."""
    due = _left()
    if due < expected:
        return None
    started = time.perf_counter()
    while _left() and time.perf_counter() - started < LONGEST_S:
        jobs.drain()
    return (due - _left()) / (time.perf_counter() - started)


def _bare(port: int, content: bytes, mails: int) -> float:
    """The same bytes over one kept-open connection by smtplib alone."""
    started = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port, timeout=30) as client:
        for guest in range(mails):
            client.sendmail("events@example.org", [f"sam{guest}@example.org"], content)
    return mails / (time.perf_counter() - started)
