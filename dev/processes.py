"""Child processes: started, watched and stopped one by one, each by its own pid.

A child gets a session of its own, so Ctrl-C in a terminal reaches only its parent, which then
signals the main process of each child: a signal to a whole group would kill pool children of a
worker in the middle of a message. On Linux a child also ends when its parent is killed outright.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType, TracebackType
from typing import TypedDict

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class NotReady(Exception):  # noqa: N818  it is shown to a person as one sentence
    """A child ended too early or did not get ready in time; the text ends with its last lines."""


class Identity(TypedDict, total=False):
    """Whom a program runs as."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass
class Child:
    """A process that this one started."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path | None
    stop_signal: signal.Signals = signal.SIGTERM

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.process.pid

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self.process.poll() is None

    def ask_to_stop(self) -> None:
        """Send the stop signal and return at once."""
        if self.alive:
            self.process.send_signal(self.stop_signal)

    def stop(self, grace: float = 60.0) -> int:
        """Ask to stop, wait, kill when ``grace`` seconds have passed; the exit code."""
        self.ask_to_stop()
        try:
            code = self.process.wait(grace)
        except subprocess.TimeoutExpired:
            return self.kill()
        return self.kill() if code == -signal.SIGKILL else code

    def kill(self) -> int:
        """``kill -9`` of it and of its own children, which would outlive it; the exit code."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)  # it leads a session of its own
        return self.process.wait()

    def last_lines(self, count: int = 15) -> str:
        """The end of its output, for a message to a person."""
        if self.log is None or not self.log.exists():
            return ""
        return "\n".join(self.log.read_text("utf-8", "replace").splitlines()[-count:])

    def wait_until(self, ready: Callable[[], bool], seconds: float = 30.0) -> None:
        """Wait until ``ready()``.

        Raises:
            NotReady: it ended, or the time is over.
        """
        end = time.monotonic() + seconds
        while not ready():
            if not self.alive:
                code = self.process.returncode
                raise NotReady(f"{self.name} ended with code {code}.\n{self.last_lines()}")
            if time.monotonic() > end:
                raise NotReady(f"{self.name} was not ready in {seconds:g} s.\n{self.last_lines()}")
            time.sleep(0.03)


def start(
    name: str,
    argv: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    log: Path | None = None,
    user: str | None = None,
    stop_signal: signal.Signals = signal.SIGTERM,
) -> Child:
    """Start ``argv``, as ``user`` when one is named (root only), its output appended to ``log``.

    Call it from a thread that lives as long as the child shall: on Linux the child is told to
    stop when that thread is gone.
    """
    command = [*_bound_to_parent(stop_signal), *(str(part) for part in argv)]
    out = log.open("ab") if log is not None else None
    try:
        process = subprocess.Popen(
            command,
            env=env,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT if out is not None else None,
            start_new_session=True,
            **identity(user),
        )
    finally:
        if out is not None:
            out.close()
    return Child(name, process, log, stop_signal)


def identity(user: str | None) -> Identity:
    """The arguments of :mod:`subprocess` that run a program as ``user`` with no other groups."""
    if user is None:
        return {}
    entry = pwd.getpwnam(user)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _bound_to_parent(stop_signal: signal.Signals) -> list[str]:
    program = shutil.which("setpriv") if sys.platform == "linux" else None
    if program is None:
        return []
    return [program, "--pdeathsig", stop_signal.name.removeprefix("SIG"), "--"]


@dataclass
class Group:
    """Children that end together: in the order of their start, newest first."""

    children: list[Child] = field(default_factory=list)

    def add(self, child: Child) -> Child:
        """Take care of ``child``."""
        self.children.append(child)
        return child

    def ended(self) -> Child | None:
        """A child that is no longer there, if any."""
        return next((child for child in self.children if not child.alive), None)

    def stop(self, grace: float = 60.0) -> None:
        """Ask all of them to stop at once, then wait for each; kill what stays."""
        end = time.monotonic() + grace
        for child in reversed(self.children):
            child.ask_to_stop()
        for child in reversed(self.children):
            child.stop(max(0.1, end - time.monotonic()))

    def __enter__(self) -> Group:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


@contextmanager
def interruptible() -> Iterator[None]:
    """Turn the first stop signal into an exception, so that every ``with`` block cleans up.

    Later ones are ignored: cleaning up takes a moment, and must not be cut in half.
    """

    def stop(number: int, _frame: FrameType | None) -> None:
        for other in STOP_SIGNALS:
            signal.signal(other, signal.SIG_IGN)
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, stop) for number in STOP_SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answers(port: int, host: str = "127.0.0.1") -> bool:
    """Whether somebody listens on ``port``."""
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False
