"""A load generator that costs little: sockets kept open, requests made beforehand, one thread.

Closed loop: each connection sends its next request when it has the whole answer to the last.
Bounded in time and in count, and it talks to this machine only.
"""

from __future__ import annotations

import re
import selectors
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

ANSWER_S = 30.0
"""How long one answer may take before the measurement is given up."""
CHUNK = 1 << 18
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_WITHOUT_BODY = (204, 304)


class WrongAnswer(Exception):  # noqa: N818  it is shown to a person as one sentence
    """The server answered something else than what is measured."""


@dataclass
class Answer:
    """One whole answer."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        """The first header of that name."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass
class Burst:
    """What one burst of requests came to. Times in seconds; ``cpu`` is this client's own."""

    seconds: float = 0.0
    cpu: float = 0.0
    latencies: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds


class _Connection:
    """One open socket and the answer that is coming in on it."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=ANSWER_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = bytearray()
        self.whole = 0
        self.status = 0
        self.sent_at = 0.0

    def send(self, request: bytes) -> None:
        self.received.clear()
        self.whole = 0
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> bool:
        """Take what has come; True when the answer is whole."""
        part = self.socket.recv(CHUNK)
        if not part:
            raise WrongAnswer("the server closed a connection")
        self.received += part
        if not self.whole:
            end = self.received.find(b"\r\n\r\n")
            if end < 0:
                return False
            self._measure(bytes(self.received[: end + 2]))
        return len(self.received) >= self.whole

    def _measure(self, head: bytes) -> None:
        self.status = int(head[9:12])
        length = _LENGTH.search(head)
        if length is None and self.status not in _WITHOUT_BODY:
            raise WrongAnswer(f"an answer {self.status} without a length")
        body = 0 if length is None or self.status in _WITHOUT_BODY else int(length[1])
        self.whole = len(head) + 2 + body

    def answer(self) -> Answer:
        head, _, body = bytes(self.received).partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")[1:]
        headers = [(name, value.strip()) for name, _, value in (x.partition(":") for x in lines)]
        return Answer(self.status, headers, body)


def request(
    method: str, path: str, headers: dict[str, str] | None = None, body: bytes | None = None
) -> bytes:
    """The bytes of one request."""
    told = {"Host": "127.0.0.1", "User-Agent": "bench", "Accept": "*/*", **(headers or {})}
    if body is not None:
        told |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
    lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode() + (body or b"")


def ask(port: int, asked: bytes, *, status: int) -> Answer:
    """Send one request and give its answer.

    Raises:
        WrongAnswer: its status is another.
    """
    connection = _Connection(port)
    with connection.socket:
        connection.send(asked)
        while not connection.receive():
            pass
        answer = connection.answer()
    if answer.status != status:
        said = answer.body[:300].decode("utf-8", "replace")
        raise WrongAnswer(f"{status} was expected, {answer.status} came: {said}")
    return answer


def burst(
    port: int,
    requests: Iterator[bytes],
    *,
    status: int,
    connections: int,
    seconds: float,
    most: int,
) -> Burst:
    """Ask for ``seconds``, at most ``most`` times, over so many connections.

    Raises:
        WrongAnswer: an answer has another status, or none came in time.
    """
    done = Burst()
    with selectors.DefaultSelector() as waiting:
        lines = [_Connection(port) for _ in range(connections)]
        try:
            cpu, started = time.process_time(), time.perf_counter()
            for line in lines:
                waiting.register(line.socket, selectors.EVENT_READ, line)
                line.send(next(requests))
            left = islice(requests, most - connections)
            _drive(waiting, left, done, status=status, end=started + seconds)
            done.seconds = time.perf_counter() - started
            done.cpu = time.process_time() - cpu
        finally:
            for line in lines:
                line.socket.close()
    return done


def _drive(
    waiting: selectors.BaseSelector,
    requests: Iterator[bytes],
    done: Burst,
    *,
    status: int,
    end: float,
) -> None:
    while waiting.get_map():
        ready = waiting.select(ANSWER_S)
        if not ready:
            raise WrongAnswer(f"no answer in {ANSWER_S:g} s")
        for key, _ in ready:
            line: _Connection = key.data
            if not line.receive():
                continue
            now = time.perf_counter()
            if line.status != status:
                said = bytes(line.received[-300:]).decode("utf-8", "replace")
                raise WrongAnswer(f"{status} was expected, {line.status} came: {said}")
            done.latencies.append(now - line.sent_at)
            following = next(requests, None) if now < end else None
            if following is None:
                waiting.unregister(line.socket)
            else:
                line.send(following)
