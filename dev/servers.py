"""A private PostgreSQL and a private Redis: on 127.0.0.1, behind a password, gone afterwards."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import redis

from dev import programs
from dev.processes import Child, NotReady, free_port, identity, start

DATABASE = "eventsvc"
HOST = "127.0.0.1"
ROOM_FOR_ROOT = Path("/var/lib/eventsvc-dev")
ATTEMPTS = 3

FAST_AND_FORGETFUL = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"


@contextmanager
def postgresql(keep_in: Path | None = None) -> Iterator[str]:
    """Run PostgreSQL; gives the URL of an own database (its role may make others).

    With ``keep_in`` the data stays in that folder and is written safely; without, all of it is
    thrown away.
    """
    programs_in = programs.postgresql()
    user = programs.server_user()
    with ExitStack() as stack:
        folder = stack.enter_context(_folder(user, None))
        data = folder / "data"
        if keep_in is not None:
            data = stack.enter_context(_folder(user, keep_in / "postgresql")) / "data"
        password = _password(data.with_name("password"), user)
        if not (data / "PG_VERSION").exists():
            _initialise(programs_in, data, user, safely=keep_in is not None)
        how = signal.SIGINT if keep_in is not None else signal.SIGQUIT
        port = _on_free_port(
            stack,
            lambda port: start(
                "PostgreSQL",
                [programs_in / "postgres", "-D", data, "-p", str(port), "-k", folder],
                cwd=folder,
                log=folder / f"postgresql-{port}.log",
                user=user,
                stop_signal=how,
            ),
            lambda port: _database_answers(password, port),
        )
        yield f"postgresql+psycopg://{DATABASE}:{password}@{HOST}:{port}/{DATABASE}"


@contextmanager
def redis_server(keep_in: Path | None = None) -> Iterator[str]:
    """Run Redis with the settings of a broker (nothing is evicted); gives its URL."""
    program = programs.redis()
    user = programs.server_user()
    with ExitStack() as stack:
        folder = stack.enter_context(_folder(user, keep_in and keep_in / "redis"))
        password = _password(folder / "password", user)

        def run(port: int) -> Child:
            settings = folder / "redis.conf"
            keeping = "appendonly yes" if keep_in is not None else "appendonly no"
            settings.write_text(
                f"bind {HOST}\nport {port}\nrequirepass {password}\ndir {folder}\n"
                f'save ""\n{keeping}\nmaxmemory-policy noeviction\nloglevel notice\n'
            )
            _give(settings, user)
            log = folder / "redis.log"
            log.write_bytes(b"")
            return start("Redis", [program, settings], cwd=folder, log=log, user=user)

        port = _on_free_port(stack, run, lambda port: _broker_answers(password, port))
        yield f"redis://:{password}@{HOST}:{port}/0"


def _on_free_port(
    stack: ExitStack, run: Callable[[int], Child], answers: Callable[[int], bool]
) -> int:
    """Start a server on a free port; again on another when somebody was quicker."""
    for attempt in range(1, ATTEMPTS + 1):
        port = free_port()
        child = run(port)
        stop = stack.enter_context(ExitStack())
        stop.callback(child.stop, 15)
        try:
            # mypy cannot type a lambda that binds the port of this turn
            child.wait_until(lambda port=port: answers(port), seconds=60)  # type: ignore[misc]
        except NotReady as error:
            stop.close()
            if attempt == ATTEMPTS or "address already in use" not in str(error).lower():
                raise
        else:
            return port
    raise NotReady("No free port was found.")


def _initialise(programs_in: Path, data: Path, user: str | None, *, safely: bool) -> None:
    shutil.rmtree(data, ignore_errors=True)
    command: list[str | Path] = [
        programs_in / "initdb",
        *("-D", data, "-U", DATABASE, f"--pwfile={data.with_name('password')}"),
        *("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8"),
    ]
    if not safely:
        command.append("--no-sync")
    done = subprocess.run(
        command, cwd="/", capture_output=True, text=True, check=False, **identity(user)
    )
    if done.returncode != 0:
        raise NotReady(f"initdb failed.\n{done.stderr.strip()}")
    with (data / "postgresql.auto.conf").open("a", encoding="utf-8") as settings:
        settings.write(f"listen_addresses = '{HOST}'\nmax_connections = 200\n")
        settings.write("timezone = 'UTC'\nlog_timezone = 'UTC'\n")
        settings.write("" if safely else FAST_AND_FORGETFUL)


def _database_answers(password: str, port: int) -> bool:
    try:
        with psycopg.connect(
            host=HOST,
            port=port,
            user=DATABASE,
            password=password,
            dbname="postgres",
            autocommit=True,
            connect_timeout=5,
        ) as connection:
            there = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)
            ).fetchone()
            if there is None:
                connection.execute(f'CREATE DATABASE "{DATABASE}"')
    except psycopg.OperationalError:
        return False
    return True


def _broker_answers(password: str, port: int) -> bool:
    try:
        with redis.Redis(host=HOST, port=port, password=password, socket_timeout=5) as client:
            return bool(client.ping())
    except redis.ConnectionError:  # also while it reads its file
        return False


def _password(file: Path, user: str | None) -> str:
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_hex(16))
        _give(file, user)
    return file.read_text()


@contextmanager
def _folder(user: str | None, keep: Path | None) -> Iterator[Path]:
    """A folder that belongs to ``user``: ``keep``, or a new one that is removed afterwards."""
    if keep is not None:
        yield _kept(keep.absolute(), user)
        return
    # folders to try in turn; what is made there gets a random name and is private
    places = [Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")]  # noqa: S108
    place = next((place for place in places if programs.reachable(place, user)), places[0])
    folder = Path(tempfile.mkdtemp(prefix="eventsvc-", dir=place))
    _give(folder, user)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _kept(folder: Path, user: str | None) -> Path:
    folder.parent.mkdir(parents=True, exist_ok=True)
    if not programs.reachable(folder.parent, user):
        # root's own home: the user that PostgreSQL must run as cannot get there
        mark = hashlib.sha256(bytes(folder.parent)).hexdigest()[:12]
        folder = ROOM_FOR_ROOT / mark / folder.name
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _give(folder, user)
    return folder


def _give(path: Path, user: str | None) -> None:
    if user is not None and os.geteuid() == 0:
        shutil.chown(path, user, identity(user)["group"])
