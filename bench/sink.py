"""A mail server that takes everything: ``python -m bench.sink PORT FILE``.

It keeps the last message in ``FILE`` and forgets the rest.
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Sink:
    """Takes every message; keeps the last."""

    def __init__(self, file: Path) -> None:
        self.file = file

    async def handle_DATA(  # noqa: N802  aiosmtpd finds it by this name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Answer DATA."""
        self.file.write_bytes(envelope.original_content or b"")
        return "250 taken"


def main(arguments: list[str]) -> int:
    """Take mail until SIGTERM or SIGINT."""
    port, file = arguments
    signals = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    controller = Controller(Sink(Path(file)), hostname="127.0.0.1", port=int(port))
    controller.start()
    signal.sigwait(signals)
    controller.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
