"""The way out to an SMTP server (delivery.md §5 to §7)."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from eventsvc.post.policy import Answer, Step
from eventsvc.post.smtp.folder import Folder
from eventsvc.post.smtp.message import Envelope
from eventsvc.post.smtp.steps import NoAnswer, Refused, Transport

MOST_ON_ONE_CONNECTION = 100
LONGEST_IDLE_S = 60.0
COMMAND_TIMEOUT_S = 60
_PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
_OK = frozenset({250, 251})


class Server:
    """An SMTP server, with one connection at a time."""

    throttled = True

    def __init__(
        self,
        url: SplitResult,
        *,
        own_name: str,
        connect_timeout: float,
        data_timeout: float,
        monotonic: Callable[[], float],
    ) -> None:
        self.url = url
        self.own_name = own_name
        self.connect_timeout = connect_timeout
        self.data_timeout = data_timeout
        self.monotonic = monotonic
        self.connection: smtplib.SMTP | None = None
        self.sent = 0
        self.used_at = 0.0

    def offer(self, envelope: Envelope) -> None:
        """MAIL FROM and RCPT TO, on a new connection when the kept one has ended meanwhile."""
        reused = self._keeps()
        try:
            self._offer(envelope)
        except Refused as refused:
            gone = refused.answer.step is Step.MAIL and refused.answer.code in (0, 421)
            if not (reused and gone):
                raise
            self._offer(envelope)
        self.used_at = self.monotonic()

    def hand_over(self, envelope: Envelope) -> Answer:
        """DATA and the content. What breaks after the server asked for it is ambiguous."""
        connection = self._open()
        try:
            code, text = connection.docmd("DATA")
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise Refused(Answer(Step.DATA, 0, type(error).__name__)) from error
        if code != 354:
            self._after(code)
            return Answer(Step.DATA, code, _text(text))
        try:
            connection.send(_dotted(envelope.content))
            _wait(connection, self.data_timeout)
            code, text = connection.getreply()
            _wait(connection, COMMAND_TIMEOUT_S)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise NoAnswer(timed_out=_timed_out(error)) from error
        self.sent += 1
        self.used_at = self.monotonic()
        self._after(code)
        return Answer(Step.DATA, code, _text(text))

    def withdraw(self) -> None:
        """RSET; a connection that does not take it is dropped."""
        if self.connection is None:
            return
        try:
            self.connection.rset()
        except (OSError, smtplib.SMTPException):
            self._drop()

    def close(self) -> None:
        """QUIT."""
        connection, self.connection = self.connection, None
        if connection is None:
            return
        try:
            connection.quit()
        except (OSError, smtplib.SMTPException):
            connection.close()

    def _keeps(self) -> bool:
        """Whether a connection is open; one that is used up is closed first."""
        idle = self.monotonic() - self.used_at
        if self.connection is not None and (
            self.sent >= MOST_ON_ONE_CONNECTION or idle > LONGEST_IDLE_S
        ):
            self.close()
        return self.connection is not None

    def _offer(self, envelope: Envelope) -> None:
        connection = self._open()
        step = Step.MAIL
        try:
            code, text = _introduced(connection, envelope)
            if code in _OK:
                step = Step.RCPT
                code, text = connection.rcpt(envelope.recipient)
        except (OSError, smtplib.SMTPException, UnicodeEncodeError) as error:
            self._drop()
            raise Refused(Answer(step, 0, type(error).__name__)) from error
        if code in _OK:
            return
        if code == 421:
            self._drop()
        else:
            self.withdraw()
        raise Refused(Answer(step, code, _text(text)))

    def _open(self) -> smtplib.SMTP:
        if self.connection is None:
            try:
                self.connection = self._connected()
            except smtplib.SMTPResponseException as error:
                raise Refused(
                    Answer(Step.CONNECT, error.smtp_code, _text(error.smtp_error))
                ) from error
            except (OSError, smtplib.SMTPException) as error:
                raise Refused(Answer(Step.CONNECT, 0, type(error).__name__)) from error
            self.sent = 0
            self.used_at = self.monotonic()
        return self.connection

    def _connected(self) -> smtplib.SMTP:
        scheme, host = self.url.scheme, self.url.hostname or "localhost"
        port = self.url.port or _PORTS[scheme]
        secure = ssl.create_default_context()
        connection: smtplib.SMTP
        if scheme == "smtps":
            connection = smtplib.SMTP_SSL(
                local_hostname=self.own_name, timeout=self.connect_timeout, context=secure
            )
        else:
            connection = smtplib.SMTP(local_hostname=self.own_name, timeout=self.connect_timeout)
        try:
            # STARTTLS checks the certificate against the name kept here
            connection._host = host  # type: ignore[attr-defined]  # noqa: SLF001
            code, text = connection.connect(host, port)
            if code != 220:
                raise smtplib.SMTPConnectError(code, text)  # noqa: TRY301  it closes as others do
            connection.ehlo_or_helo_if_needed()
            if scheme == "smtp+starttls":
                connection.starttls(context=secure)
                connection.ehlo()
            if self.url.username:
                connection.login(unquote(self.url.username), unquote(self.url.password or ""))
            _wait(connection, COMMAND_TIMEOUT_S)
        except BaseException:
            connection.close()
            raise
        return connection

    def _after(self, code: int) -> None:
        if code == 421:
            self._drop()

    def _drop(self) -> None:
        connection, self.connection = self.connection, None
        if connection is not None:
            connection.close()


def transport_for(
    mail_url: str,
    *,
    own_name: str,
    connect_timeout: float,
    data_timeout: float,
    monotonic: Callable[[], float],
) -> Transport:
    """The way out that ``EVENTSVC_MAIL_URL`` names. Time-outs in seconds."""
    url = urlsplit(mail_url)
    if url.scheme == "file":
        return Folder(Path(unquote(url.path)))
    return Server(
        url,
        own_name=own_name,
        connect_timeout=connect_timeout,
        data_timeout=data_timeout,
        monotonic=monotonic,
    )


def _introduced(connection: smtplib.SMTP, envelope: Envelope) -> tuple[int, bytes]:
    """MAIL FROM; an address with other letters than ASCII needs RFC 6531 on the server's side."""
    if envelope.recipient.isascii():
        return connection.mail(envelope.sender)
    if not connection.has_extn("smtputf8"):
        raise Refused(Answer(Step.RCPT, 553, "5.6.7 the server takes ASCII addresses only"))
    connection.command_encoding = "utf-8"
    return connection.mail(envelope.sender, ["SMTPUTF8"])


def _wait(connection: smtplib.SMTP, seconds: float) -> None:
    if connection.sock is not None:
        connection.sock.settimeout(seconds)


def _text(raw: bytes | str) -> str:
    text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else raw
    return " ".join(text.split())[:500]


def _dotted(content: bytes) -> bytes:
    """The content with its leading dots doubled and its final dot (RFC 5321 §4.5.2)."""
    quoted = re.sub(rb"(?m)^\.", b"..", content)
    return quoted + (b"" if quoted.endswith(b"\r\n") else b"\r\n") + b".\r\n"


def _timed_out(error: BaseException) -> bool:
    # smtplib wraps a time-out while reading into SMTPServerDisconnected
    return (
        isinstance(error, TimeoutError | socket.timeout)
        or (isinstance(error.__context__, TimeoutError | socket.timeout))
        or "timed out" in str(error)
    )
