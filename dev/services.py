"""PostgreSQL and Redis for tests and for ``make run-full``: yours, or private ones, or installed.

Running ones are named by ``EVENTSVC_TEST_DATABASE_URL`` and ``EVENTSVC_TEST_BROKER_URL``. Else
private ones are started on free ports and stopped afterwards, also when interrupted; root on
Debian gets missing programs installed. In tests::

    with services() as running:
        engine = create_engine(running.database_url)

On the command line: ``python -m dev.services run -- pytest``.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from dev.processes import STOP_SIGNALS, NotReady, interruptible
from dev.programs import Missing
from dev.servers import postgresql, redis_server

DATABASE_VARIABLE = "EVENTSVC_TEST_DATABASE_URL"
BROKER_VARIABLE = "EVENTSVC_TEST_BROKER_URL"
KEPT_IN = Path(__file__).resolve().parent.parent / ".services"
PATIENCE = 30


@dataclass(frozen=True)
class Services:
    """Where the servers are; empty for one that was not wanted."""

    database_url: str = ""
    broker_url: str = ""


@contextmanager
def services(
    postgres: bool = True,
    redis: bool = True,
    *,
    durable: bool = False,
) -> Iterator[Services]:
    """Have PostgreSQL and Redis for the time of a ``with`` block.

    Args:
        postgres: whether PostgreSQL is wanted.
        redis: whether Redis is wanted.
        durable: keep the data in ``.services/`` and write it safely (for ``make run-full``).

    Raises:
        Missing: one of them is not there and cannot be installed.
        NotReady: one of them does not start; the text ends with what it printed.
    """
    keep_in = KEPT_IN if durable else None
    with ExitStack() as stack:
        database_url = broker_url = ""
        if postgres:
            database_url = os.environ.get(DATABASE_VARIABLE, "") or stack.enter_context(
                postgresql(keep_in)
            )
        if redis:
            broker_url = os.environ.get(BROKER_VARIABLE, "") or stack.enter_context(
                redis_server(keep_in)
            )
        yield Services(database_url, broker_url)


def run(command: Sequence[str], *, durable: bool = False) -> int:
    """Run ``command`` with both servers named in its environment; its exit code."""
    with interruptible(), services(durable=durable) as running:
        environment = {
            **os.environ,
            DATABASE_VARIABLE: running.database_url,
            BROKER_VARIABLE: running.broker_url,
        }
        return _in_foreground(command, environment)


def _in_foreground(command: Sequence[str], environment: dict[str, str]) -> int:
    """Run ``command`` as the foreground job: it gets Ctrl-C from the terminal, the rest from us."""
    try:
        child = subprocess.Popen(command, env=environment)
    except OSError as error:
        print(f"{command[0]}: {error.strerror}", file=sys.stderr)
        return 127

    def pass_on(number: int, _frame: FrameType | None) -> None:
        if number == signal.SIGALRM:
            child.kill()
        elif not (number == signal.SIGINT and sys.stdin.isatty()):
            child.send_signal(number)
            signal.alarm(PATIENCE)

    numbers = (*STOP_SIGNALS, signal.SIGALRM)
    before = {number: signal.signal(number, pass_on) for number in numbers}
    try:
        code = child.wait()
    finally:
        signal.alarm(0)
        for number, handler in before.items():
            signal.signal(number, handler)
    return code if code >= 0 else 128 - code


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m dev.services", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    verbs = parser.add_subparsers(required=True, metavar="run")
    verb = verbs.add_parser("run", help="run a command beside PostgreSQL and Redis")
    verb.add_argument("--durable", action="store_true", help="keep the data in .services/")
    verb.add_argument("command", nargs="+", metavar="COMMAND")
    chosen = parser.parse_args(arguments)
    try:
        return run(chosen.command, durable=chosen.durable)
    except (Missing, NotReady) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
