"""The bytes of a message: headers and parts (delivery.md §8, security.md row 19)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from eventsvc.post.policy import Attachment, Letter, Rendered, bounce_address, unsubscribe_token

PRODUCT = "eventsvc"
LONGEST_LINE = 998
"""Octets of a line without its end (RFC 5322 §2.1.1)."""


class HeaderRefused(ValueError):  # noqa: N818  as HTTP refusals are named
    """A header value holds a line break or another control character."""


@dataclass(frozen=True)
class Envelope:
    """One message as it is handed over. ``sender`` and ``recipient`` of the SMTP dialogue."""

    name: str
    sender: str
    recipient: str
    content: bytes


@dataclass(frozen=True)
class Sender:
    """Who sends: address and public address of this installation, and its secret."""

    address: str
    base_url: str
    secret: str

    @property
    def domain(self) -> str:
        """The domain we sign for; it makes the Message-IDs."""
        return self.address.rpartition("@")[2]

    def unsubscribe_url(self, public_id: str, letter: Letter) -> str | None:
        """Where a recipient stops such mail, or None when it cannot be stopped."""
        if not letter.list_name or not letter.unsubscribe_scope:
            return None
        token = unsubscribe_token(self.secret, public_id, letter.unsubscribe_scope)
        return f"{self.base_url}/u/{token}"


@dataclass(frozen=True)
class Marks:
    """What identifies a message on every attempt. ``first_attempt_at`` becomes its Date."""

    public_id: str
    key: str
    purpose: str
    event_id: str | None
    address: str
    first_attempt_at: datetime


def envelope(sender: Sender, marks: Marks, letter: Letter, rendered: Rendered) -> Envelope:
    """The whole message with the addresses of its envelope.

    Raises:
        HeaderRefused: a subject, name or address holds a line break or control character.
    """
    bounces_to = bounce_address(sender.secret, marks.public_id, sender.address)
    lines = _technical(sender, marks, letter, rendered, bounces_to)
    head = "".join(f"{name}: {_one_line(value)}\r\n" for name, value in lines)
    body = _message(sender, marks, letter, rendered)
    return Envelope(
        name=marks.public_id,
        sender=bounces_to,
        recipient=_one_line(marks.address),
        content=head.encode("ascii") + body.as_bytes(),
    )


def _one_line(value: str) -> str:
    if not value.isprintable():
        raise HeaderRefused("a header value holds a line break or a control character")
    return value


def _technical(
    sender: Sender, marks: Marks, letter: Letter, rendered: Rendered, bounces_to: str
) -> list[tuple[str, str]]:
    """Headers written as they are: ASCII without blanks, which a folding library would encode."""
    series = letter.series or "-"
    lines = [
        ("Message-ID", f"<{marks.public_id}@{sender.domain}>"),
        ("Date", format_datetime(marks.first_attempt_at)),
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
        ("Content-Language", letter.language or rendered.locale),
        ("X-Event-Purpose", marks.purpose),
        ("X-Event-Message-Key", marks.key),
        ("Feedback-ID", f"{marks.event_id or '-'}:{marks.purpose}:{series}:{PRODUCT}"),
    ]
    url = sender.unsubscribe_url(marks.public_id, letter)
    if url is not None:
        group = f"{letter.list_name}.{marks.event_id or 'all'}.{sender.domain}"
        mailto = f"mailto:{bounces_to}?subject=unsubscribe"
        lines += [("List-Id", f"<{group}>"), ("List-Unsubscribe", f"<{url}>, <{mailto}>")]
        if url.startswith("https://"):  # RFC 8058 §3.1: one-click needs https
            lines.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    return lines


def _message(sender: Sender, marks: Marks, letter: Letter, rendered: Rendered) -> EmailMessage:
    """Addresses, subject and parts. The text is quoted-printable, so no line is too long."""
    plain = marks.address.isascii()
    message = EmailMessage(policy=policy.SMTP if plain else policy.SMTPUTF8)
    message["From"] = Address(display_name=_one_line(letter.sender_name), addr_spec=sender.address)
    message["To"] = _one_line(marks.address)
    message["Reply-To"] = _one_line(letter.reply_to)
    message["Subject"] = _one_line(rendered.subject)
    message.set_content(rendered.text, cte="quoted-printable")
    message.add_alternative(rendered.html, subtype="html", cte="quoted-printable")
    if letter.calendar is not None:
        _add_calendar(message, letter.calendar, letter.calendar_method)
    for file in letter.attachments:
        _attach(message, file)
    _name_boundaries(message, marks.key)
    return message


def _add_calendar(message: EmailMessage, calendar: bytes, method: str) -> None:
    """The calendar twice: as an alternative that clients show, and as a file to keep."""
    text = calendar.decode("utf-8")
    params = {"method": _one_line(method)}
    message.add_alternative(text, subtype="calendar", cte="base64", params=params)
    message.add_attachment(
        text, subtype="calendar", cte="base64", filename="event.ics", params=params
    )


def _attach(message: EmailMessage, file: Attachment) -> None:
    kind, _, subtype = file.media_type.partition("/")
    message.add_attachment(
        file.body, maintype=kind, subtype=subtype, filename=_one_line(file.filename)
    )


def _name_boundaries(message: EmailMessage, key: str) -> None:
    """Boundaries made from the key, so that a second attempt sends the same bytes."""
    parts: Sequence[EmailMessage] = [part for part in message.walk() if part.is_multipart()]
    for number, part in enumerate(parts):
        part.set_boundary(f"=_{key[:32]}_{number}")
