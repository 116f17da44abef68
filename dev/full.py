"""``make run-full``: the production shape on one machine, without containers.

PostgreSQL, Redis, the web server, a Celery worker for each queue, beat, and a mail server that
keeps what it is given. The commands are those of ``docker-compose.yml`` (a test compares them).
Data: ``.services/`` and ``var/full/``.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit, urlunsplit
from urllib.request import urlopen

from dev.processes import Child, Group, NotReady, answers, free_port, interruptible, start
from dev.programs import Missing
from dev.services import Services, services

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
DATA = ROOT / "var" / "full"
WEB_PORT = 8000
GRACE = 60.0

CELERY = ("celery", "-A", "workers.app")
WORKER_OPTIONS = ("--without-gossip", "--without-mingle", "--loglevel", "INFO")


def worker(queue: str, processes: int) -> tuple[str, ...]:
    """The command of the worker of one queue."""
    name = f"{queue}@%h"
    return (*CELERY, "worker", "-Q", queue, "-n", name, "-c", str(processes), *WORKER_OPTIONS)


def beat(schedule: Path) -> tuple[str, ...]:
    """The command of beat; ``schedule`` is a file that must not outlive it."""
    return (*CELERY, "beat", "--schedule", str(schedule), "--pidfile=", "--loglevel", "INFO")


WEB = ("eventsvc", "web")
WORKERS = {"mail": worker("mail", 2), "plan": worker("plan", 2), "report": worker("report", 1)}


def environment(running: Services, *, web_port: int, mail_port: int) -> dict[str, str]:
    """The settings of the whole: what this process was given, and the servers it started."""
    own = {
        "EVENTSVC_DATABASE_URL": running.database_url,
        "EVENTSVC_BROKER_URL": running.broker_url,
        "EVENTSVC_CACHE_URL": cache_url(running.broker_url),
        "EVENTSVC_MAIL_URL": f"smtp://127.0.0.1:{mail_port}",
        "EVENTSVC_BIND": f"127.0.0.1:{web_port}",
        "EVENTSVC_BASE_URL": f"http://127.0.0.1:{web_port}",
        "EVENTSVC_DATA_DIR": str(DATA),
        "EVENTSVC_SECRET_KEY": _kept_secret(DATA / "secret_key"),
        "PYTHONUNBUFFERED": "1",
    }
    return {**os.environ, **own}


def cache_url(broker_url: str) -> str:
    """Another database of the same Redis: a full cache must not push out what waits."""
    return urlunsplit(urlsplit(broker_url)._replace(path="/1"))


@contextmanager
def running_processes(env: Mapping[str, str], mailbox: Path) -> Iterator[Group]:
    """Start everything but the databases, ready to answer; stop it all afterwards."""
    logs = DATA / "logs"
    logs.mkdir(parents=True, exist_ok=True)

    def launch(name: str, command: tuple[str, ...]) -> Child:
        log = logs / f"{name}.log"
        log.write_bytes(b"")
        program: list[str | Path] = [BIN / command[0], *command[1:]]
        return group.add(start(name, program, env=env, cwd=ROOT, log=log))

    with tempfile.TemporaryDirectory(prefix="eventsvc-beat-") as fresh, catcher(env, mailbox, logs):
        _call(env, "eventsvc", "db", "upgrade")
        _call(env, "eventsvc", "seed")
        with Group() as group:
            web = launch("web", WEB)
            for queue, command in WORKERS.items():
                launch(f"worker-{queue}", command)
            launch("beat", beat(Path(fresh) / "schedule"))
            web.wait_until(lambda: _ready(env["EVENTSVC_BASE_URL"]), seconds=60)
            yield group


@contextmanager
def catcher(env: Mapping[str, str], mailbox: Path, logs: Path) -> Iterator[None]:
    """The mail server; it outlives the workers, which may be in the middle of a message."""
    address = urlsplit(env["EVENTSVC_MAIL_URL"])
    command: list[str | Path] = [sys.executable, "-m", "dev.catcher", address.netloc, mailbox]
    with Group() as group:
        child = group.add(start("mail", command, env=env, cwd=ROOT, log=logs / "mail.log"))
        child.wait_until(lambda: answers(address.port or 0))
        yield


def _ready(base_url: str) -> bool:
    try:
        with urlopen(f"{base_url}/readyz", timeout=5) as answer:  # noqa: S310  own address
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def _call(env: Mapping[str, str], program: str, *arguments: str) -> str:
    done = subprocess.run(
        [BIN / program, *arguments], env=env, cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise NotReady(f"{program} {' '.join(arguments)} failed.\n{done.stdout}{done.stderr}")
    return done.stdout.strip()


def _kept_secret(file: Path) -> str:
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(48))
    return file.read_text()


def _token(env: Mapping[str, str]) -> str:
    """The organiser token of this database: made once, then kept beside its data."""
    address = urlsplit(env["EVENTSVC_DATABASE_URL"])
    mark = hashlib.sha256(f"{address.password}{address.path}".encode()).hexdigest()[:12]
    file = DATA / f"token-{mark}"
    if not file.exists():
        command = ("token", "create", "--role", "platform-admin", "--name", "run-full", "--quiet")
        token = _call(env, "eventsvc", *command)
        file.touch(mode=0o600)
        file.write_text(token)
    return file.read_text()


def _banner(env: Mapping[str, str], mailbox: Path) -> None:
    base, token = env["EVENTSVC_BASE_URL"], _token(env)
    print(
        f"""
  Address     {base}
  Mode        PostgreSQL, Redis, Celery (workers: {", ".join(WORKERS)}; beat), SMTP
  Token       {token}
  Mailbox     {mailbox.relative_to(ROOT)}
  Logs        {(DATA / "logs").relative_to(ROOT)}
  Try         curl -H "Authorization: Bearer {token}" {base}/api/v1/series

  Ctrl-C ends all of it; the data stays.""",
        flush=True,
    )


def main() -> int:
    """Run until interrupted, or until one of the processes ends by itself."""
    mailbox = DATA / "mailbox"
    web_port = free_port() if answers(WEB_PORT) else WEB_PORT
    try:
        with interruptible(), services(durable=True) as running:
            env = environment(running, web_port=web_port, mail_port=free_port())
            with running_processes(env, mailbox) as group:
                _banner(env, mailbox)
                while (lost := group.ended()) is None:
                    time.sleep(0.5)
                print(f"{lost.name} ended by itself.\n{lost.last_lines()}", file=sys.stderr)
                return 1
    except KeyboardInterrupt:
        print("\nAll stopped.")
        return 0
    except (Missing, NotReady) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
