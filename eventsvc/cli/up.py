"""``eventsvc up``: everything on one machine, nothing to install by hand."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import click
import flask_migrate
from sqlalchemy.orm import Session

from eventsvc.accounts import actions as accounts
from eventsvc.accounts.queries import credential_shown
from eventsvc.app import create_app
from eventsvc.core import clock, config
from eventsvc.core.config import Settings
from eventsvc.core.rights import system
from eventsvc.core.transactions import transaction
from seeds import is_empty, load, tour

READY_S = 60
GRACE_S = 15
WATCH_S = 0.3


@dataclass(frozen=True)
class Child:
    """A started part of the service."""

    name: str
    process: subprocess.Popen[bytes]


@click.command()
def up() -> None:
    """Start web and runner on an SQLite file with the real editions loaded. Ctrl-C ends both."""
    settings, variables = _settings()
    _refuse_taken_port(settings)
    app = create_app(settings)
    with app.app_context():
        flask_migrate.upgrade()
        with transaction(write=False) as session:
            empty = is_empty(session)
        if empty:
            load(synthetic=True)
        with transaction() as session:
            token = _token(session, settings.data_dir / "token")
        with transaction() as session:
            addresses = tour(session, settings)
    asked_to_stop = _signals()
    children: list[Child] = []
    try:
        children.extend(_start(part, variables) for part in ("web", "runner"))
        if _is_ready(settings, children, asked_to_stop):
            _banner(settings, token, addresses)
        _watch(children, asked_to_stop)
    finally:
        _stop(children)
    click.echo("All stopped.")


def _settings() -> tuple[Settings, dict[str, str]]:
    variables = config.environment()
    loaded = config.load(variables)
    variables["EVENTSVC_DATA_DIR"] = str(loaded.data_dir)
    if not loaded.secret_key:
        variables["EVENTSVC_SECRET_KEY"] = _kept(
            loaded.data_dir / "secret_key", secrets.token_urlsafe(48)
        )
    if "EVENTSVC_BASE_URL" not in variables:
        variables["EVENTSVC_BASE_URL"] = f"http://{loaded.bind}"
    # A line for each request would push the addresses out of sight.
    variables.setdefault("EVENTSVC_LOG_LEVEL", "WARNING")
    return config.load(variables), variables


def _kept(file: Path, fresh: str) -> str:
    """The content of a private file, written with ``fresh`` at the first start."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(fresh, encoding="utf-8")
    return file.read_text(encoding="utf-8").strip()


def _refuse_taken_port(settings: Settings) -> None:
    host, _, port = settings.bind.rpartition(":")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except OSError as error:
            raise click.ClickException(
                f"{settings.bind} is taken. Stop what listens there, or choose another address: "
                "EVENTSVC_BIND=127.0.0.1:8001 make run"
            ) from error


def _token(session: Session, file: Path) -> str:
    """The token of this database: the kept one while it is valid, else a new one."""
    now = clock.now(session)
    if file.exists():
        kept = file.read_text(encoding="utf-8").strip()
        if credential_shown(session, kept, now=now) is not None:
            return kept
        file.unlink()
    _, fresh = accounts.create_token(
        session, system("up"), name="made by eventsvc up", role="platform-admin", now=now
    )
    return _kept(file, fresh)


def _start(part: str, variables: dict[str, str]) -> Child:
    # A session of its own: Ctrl-C reaches this process alone, which then stops each child.
    process = subprocess.Popen(  # noqa: S603  our own program
        [sys.executable, "-m", "eventsvc.cli", part], env=variables, start_new_session=True
    )
    return Child(part, process)


def _signals() -> threading.Event:
    """Set by the first signal to stop; from now on none ends this process before its children."""
    asked_to_stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: asked_to_stop.set())
    return asked_to_stop


def _is_ready(settings: Settings, children: list[Child], asked_to_stop: threading.Event) -> bool:
    """Wait until the web answers; False when it was asked to stop meanwhile."""
    address = f"http://{settings.bind}/readyz"
    end = time.monotonic() + READY_S
    while time.monotonic() < end:
        _refuse_ended(children)
        try:
            with urlopen(address, timeout=2) as answer:
                if answer.status == 200:
                    return True
        except (URLError, OSError):
            if asked_to_stop.wait(0.1):
                return False
    raise click.ClickException(f"{address} did not answer within {READY_S} s.")


def _refuse_ended(children: list[Child]) -> None:
    for child in children:
        if child.process.poll() is not None:
            raise click.ClickException(f"{child.name} ended by itself; see the lines above.")


def _watch(children: list[Child], asked_to_stop: threading.Event) -> None:
    while not asked_to_stop.wait(WATCH_S):
        _refuse_ended(children)


def _stop(children: list[Child]) -> None:
    for child in children:
        if child.process.poll() is None:
            child.process.terminate()
    for child in children:
        try:
            code = child.process.wait(GRACE_S)
        except subprocess.TimeoutExpired:
            child.process.kill()
            code = child.process.wait()
        if code != 0:
            _sweep(child)


def _sweep(child: Child) -> None:
    """End what a killed part left behind: a worker of the web would go on holding the port."""
    with suppress(ProcessLookupError):
        os.killpg(child.process.pid, signal.SIGKILL)


def _banner(settings: Settings, token: str, addresses: list[str]) -> None:
    base = settings.base_url
    calendars = "\n              ".join(addresses)
    click.echo(f"""
  Address     {base}   ({settings.mode}: SQLite and runner)
  API docs    {base}/api/v1/docs
  Token       {token}
  Calendars   {calendars}
  Mailbox     {settings.data_dir / "mailbox"}   (eventsvc mailbox list)
  Try         curl -H "Authorization: Bearer {token}" {base}/api/v1/series

  Ctrl-C ends it; the data stays in {settings.data_dir}.
""")
