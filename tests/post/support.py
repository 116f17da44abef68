"""A mail server that answers as told, letters of the tests, and their application."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from sqlalchemy.orm import Session

from eventsvc.core.transactions import transaction
from eventsvc.mail.models import OutboxMessage
from eventsvc.post.jobs import steps
from eventsvc.post.policy import Ended, Letter
from eventsvc.post.queries.letters import LETTERS
from eventsvc.post.render import render
from tests.factories.mail import a_contact, a_message

TEMPLATES = Path(__file__).parent / "templates"
CALENDAR = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nSUMMARY:Z\xc3\xbcrich\r\nEND:VCALENDAR\r\n"


def example(_session: Session, message: OutboxMessage, _now: datetime) -> Letter | Ended:
    """A letter of the tests; the payload says how it is."""
    told = message.payload
    if "ended" in told:
        return Ended(*told["ended"])
    if told.get("breaks"):
        raise RuntimeError("this letter cannot be written")
    if told.get("kills"):
        sys.exit(9)
    return Letter(
        template="example",
        context={"name": told.get("name", "Zoë 李")},
        sender_name=told.get("sender_name", "Example event"),
        reply_to="events@example.org",
        calendar=CALENDAR if told.get("calendar") else None,
        list_name=told.get("list_name"),
        unsubscribe_scope=told.get("scope"),
        series="example-series",
    )


PURPOSES = ("example", "announcement", "reminder")


@contextmanager
def example_letters() -> Iterator[None]:
    """Let the sender write the tests' letters from the tests' templates."""
    before, steps.render = steps.render, partial(render, folder=TEMPLATES)  # type: ignore[assignment]
    kept = {purpose: LETTERS.get(purpose) for purpose in PURPOSES}
    LETTERS.update(dict.fromkeys(PURPOSES, example))
    try:
        yield
    finally:
        steps.render = before
        for purpose, builder in kept.items():
            LETTERS.pop(purpose)
            if builder is not None:
                LETTERS[purpose] = builder


class Script:
    """A server's answers. ``rcpt`` and ``data``: address → answers, the last one repeats."""

    def __init__(self) -> None:
        self.rcpt: dict[str, list[str]] = {}
        self.data: dict[str, list[str]] = {}
        self.hang: set[str] = set()
        self.mail: str = ""
        self.received: list[EmailMessage] = []
        self.envelopes: list[tuple[str, str]] = []
        self.offered: list[str] = []
        self.connections = 0
        self.pause_s = 0.0

    def _next(self, answers: dict[str, list[str]], address: str) -> str | None:
        left = answers.get(address)
        return None if not left else left.pop(0) if len(left) > 1 else left[0]

    async def handle_EHLO(self, _server, session, _envelope, hostname, responses):  # noqa: N802
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, _server, _session, envelope, address, options):  # noqa: N802
        if self.mail:
            return self.mail
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802
        self.offered.append(address)
        answer = self._next(self.rcpt, address)
        if answer is None or answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802
        address = envelope.rcpt_tos[0]
        answer = self._next(self.data, address)
        if answer is None or answer.startswith("2"):
            content = message_from_bytes(envelope.original_content, policy=policy.default)
            self.received.append(content)  # type: ignore[arg-type]
            self.envelopes.append((envelope.mail_from, address))
        if address in self.hang:
            await asyncio.sleep(30)
        if self.pause_s:
            await asyncio.sleep(self.pause_s)
        return answer or "250 OK"

    @property
    def by_message_id(self) -> dict[str, list[EmailMessage]]:
        """What arrived, copies together."""
        found: dict[str, list[EmailMessage]] = defaultdict(list)
        for message in self.received:
            found[str(message["Message-ID"])].append(message)
        return found


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@contextmanager
def serving(script: Script, port: int = 0, **options: Any) -> Iterator[int]:
    """A running server that answers by ``script``; gives its port."""
    port = port or free_port()
    controller = Controller(script, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def queued(*addresses: str, **values: Any) -> list[int]:
    """Commit one message to each address; returns their row ids."""
    from eventsvc.core import clock

    with transaction() as session:
        now = values.pop("now", None) or clock.now(session)
        return [
            a_message(session, a_contact(session, address, now=now), now=now, **values).id
            for address in addresses
        ]


def rows(*ids: int) -> list[OutboxMessage]:
    """The rows as they stand now."""
    with transaction(write=False) as session:
        return [session.get_one(OutboxMessage, row_id) for row_id in ids]
