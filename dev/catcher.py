"""A mail server for development: takes every message and writes it as a file, sends nothing on.

``python -m dev.catcher 127.0.0.1:2525 var/full/mailbox``
"""

from __future__ import annotations

import asyncio
import itertools
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

LARGEST = 40 * 1024 * 1024


class Mailbox:
    """Writes each message to ``folder`` as ``.eml``, its envelope in two extra headers."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.numbers = itertools.count(1)

    async def handle_DATA(  # noqa: N802  aiosmtpd finds it by this name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Answer DATA: the file is there, whole, before the sender hears 250."""
        name = f"{time.time_ns()}-{next(self.numbers):06d}.eml"
        content = envelope.original_content or b""
        await asyncio.to_thread(self._write, name, self._envelope(envelope) + content)
        return f"250 kept as {name}"

    def _envelope(self, envelope: Envelope) -> bytes:
        recipients = ", ".join(envelope.rcpt_tos)
        return f"X-MailFrom: {envelope.mail_from}\r\nX-RcptTo: {recipients}\r\n".encode()

    def _write(self, name: str, content: bytes) -> None:
        unfinished = self.folder / f".{name}"
        unfinished.write_bytes(content)
        unfinished.rename(self.folder / name)


def main(arguments: Sequence[str]) -> int:
    """Run until SIGTERM or SIGINT."""
    bind, folder = arguments
    host, _, port = bind.rpartition(":")
    signals = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    controller = Controller(
        Mailbox(Path(folder)), hostname=host, port=int(port), data_size_limit=LARGEST
    )
    controller.start()
    signal.sigwait(signals)
    controller.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
