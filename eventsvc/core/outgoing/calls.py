"""The call itself: to the address that was checked, in ten seconds, with a small answer."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from http.client import HTTPException

from urllib3.connection import HTTPSConnection
from urllib3.exceptions import HTTPError

from eventsvc.core import config
from eventsvc.core.outgoing.addresses import Target, addresses_of, target_of

SECONDS = 10.0
LARGEST_ANSWER = 64 * 1024


class CallFailed(Exception):  # noqa: N818  it ends a call, it is no defect
    """No answer came. ``code``: ``timeout``, ``tls``, ``connection`` or ``unreadable-answer``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Answer:
    """What came back. ``body`` has 64 KiB at most; ``whole`` is False where more would come."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    whole: bool


def send(
    method: str, url: str, *, headers: Mapping[str, str] | None = None, body: bytes | None = None
) -> Answer:
    """Call ``url`` and return what came back, whatever its status; a redirect is not followed.

    Raises:
        AddressRefused: see :func:`check`; names may have been bound anew since then.
        CallFailed: no answer within ten seconds, or none that can be read.
    """
    end = time.monotonic() + SECONDS
    target = target_of(url)
    address = addresses_of(target)[0]
    with _connection(target, address, end) as connection:
        given = {"Accept-Encoding": "identity", **(headers or {}), "Host": target.authority}
        connection.request(method, target.path, body=body, headers=given, preload_content=False)
        with closing(connection.getresponse()) as response:
            content = response.read(LARGEST_ANSWER + 1, decode_content=False)
    if time.monotonic() >= end:  # a line that was cut may look like the end of an answer
        raise CallFailed("timeout")
    whole = len(content) <= LARGEST_ANSWER
    return Answer(response.status, response.headers, content[:LARGEST_ANSWER], whole)


class _Connection(HTTPSConnection):
    """A connection that another thread can cut, whatever it is waiting for."""

    cuttable: socket.socket | None = None

    def _new_conn(self) -> socket.socket:
        made = super()._new_conn()
        # TLS takes the socket over; a copy of its descriptor can still shut the line down
        self.cuttable = made.dup()
        return made

    def cut(self) -> None:
        """End it now: a receiver that sends a byte at a time must not hold a worker."""
        if self.cuttable is not None:
            with suppress(OSError):
                self.cuttable.shutdown(socket.SHUT_RDWR)


@contextmanager
def _connection(target: Target, address: str, end: float) -> Iterator[_Connection]:
    left = max(end - time.monotonic(), 0.001)
    connection = _Connection(
        address,
        target.port,
        timeout=left,
        server_hostname=target.host,
        ssl_context=_trust(config.current().outgoing_ca_file),
    )
    watch = threading.Timer(left, connection.cut)
    watch.daemon = True
    watch.start()
    try:
        yield connection
    except (HTTPError, HTTPException, OSError, ValueError) as error:
        raise CallFailed(_failure(error, late=time.monotonic() >= end)) from error
    finally:
        watch.cancel()
        connection.close()
        if connection.cuttable is not None:
            connection.cuttable.close()


def _failure(error: Exception, *, late: bool) -> str:
    if late or isinstance(error, TimeoutError) or "timed out" in str(error):
        return "timeout"
    if isinstance(error, ssl.SSLError) or "certificate" in str(error).lower():
        return "tls"
    return "connection" if isinstance(error, (HTTPError, OSError)) else "unreadable-answer"


@cache
def _trust(ca_file: str) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file:
        context.load_verify_locations(cafile=ca_file)
    return context
