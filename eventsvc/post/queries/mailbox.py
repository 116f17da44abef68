"""What lies in the mailbox folder (``EVENTSVC_MAIL_URL=file:///folder``)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from pathlib import Path


@dataclass(frozen=True)
class Mailed:
    """One message in the folder. ``sent``: its Date, the first attempt."""

    file: Path
    subject: str
    to: str
    sent: datetime
    purpose: str
    message_id: str
    key: str


def mailbox_messages(folder: Path) -> list[Mailed]:
    """The messages in ``folder``, oldest first; none when there is no such folder."""
    if not folder.is_dir():
        return []
    found = [_read(file) for file in folder.glob("*.eml")]
    return sorted(found, key=lambda message: (message.sent, message.file.name))


def parsed(file: Path) -> EmailMessage:
    """The whole message in ``file``."""
    return BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(file.read_bytes())


def _read(file: Path) -> Mailed:
    with file.open("rb") as opened:
        headers = BytesParser(_class=EmailMessage, policy=policy.default).parse(
            opened, headersonly=True
        )
    return Mailed(
        file=file,
        subject=str(headers["Subject"] or ""),
        to=str(headers["To"] or ""),
        sent=parsedate_to_datetime(str(headers["Date"])),
        purpose=str(headers["X-Event-Purpose"] or ""),
        message_id=str(headers["Message-ID"] or ""),
        key=str(headers["X-Event-Message-Key"] or ""),
    )
