"""The two homes of the service, as real processes: SQLite and runner, PostgreSQL and Celery."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from celery import Celery

from dev import programs
from dev.full import beat
from dev.processes import Child, Group, answers, free_port, start
from eventsvc import jobs
from tests.journeys.caller import Caller
from tests.journeys.passing_time import let_pass

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
CLI = (sys.executable, "-m", "eventsvc.cli")
PATIENCE_S = 60.0
PAUSE_S = 0.2


def wait_for(what: str, ready: Callable[[], bool], seconds: float = PATIENCE_S) -> None:
    """Wait until ``ready()``, generously: other tests may use the machine as well."""
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, f"not within {seconds:g} s: {what}"
        time.sleep(PAUSE_S)


class Home:
    """One installation in a folder of its own; its parts are processes that can be killed."""

    parts: Mapping[str, tuple[str | Path, ...]]

    def __init__(self, folder: Path, database_url: str, group: Group) -> None:
        self.folder, self.database_url, self.group = folder, database_url, group
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.running: dict[str, Child] = {}
        self.mailbox = folder / "mailbox"
        self.settings = {
            "EVENTSVC_DATABASE_URL": database_url,
            "EVENTSVC_DATA_DIR": str(folder / "data"),
            "EVENTSVC_MAIL_URL": f"file://{self.mailbox}",
            "EVENTSVC_BIND": f"127.0.0.1:{self.port}",
            "EVENTSVC_BASE_URL": self.address,
            "EVENTSVC_SECRET_KEY": secrets.token_urlsafe(48),
            "EVENTSVC_REMINDER_HORIZON": str(2 * 86_400),
            "EVENTSVC_REPORT_DELAY": "0",
            "EVENTSVC_RATELIMIT_ENABLED": "false",
            "PYTHONUNBUFFERED": "1",
        }

    @property
    def environment(self) -> dict[str, str]:
        """The environment of every process of this home."""
        kept = {name: value for name, value in os.environ.items() if "EVENTSVC_" not in name}
        return kept | self.settings

    def open(self) -> None:
        """Make the tables and a token, and start every part."""
        (self.folder / "data").mkdir()
        self.command("db", "upgrade")
        role = ("--role", "platform-admin", "--name", "journey", "--quiet")
        self.token = self.command("token", "create", *role).strip()
        for name in self.parts:
            self.start(name)
        self.wait_until_ready()

    def command(self, *arguments: str) -> str:
        """Run ``eventsvc …`` in this home; its output."""
        done = subprocess.run(
            [*CLI, *arguments],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self, name: str) -> None:
        """Start a part, again after it was killed or stopped."""
        log = self.folder / f"{name}.log"
        child = start(name, self.parts[name], env=self.environment, cwd=ROOT, log=log)
        self.running[name] = self.group.add(child)

    def stop(self, name: str) -> int:
        """Stop a part softly; its exit code."""
        child = self.running.pop(name)
        self.group.children.remove(child)
        return child.stop()

    def kill(self, name: str) -> None:
        """``kill -9`` of a part with all its children, as when its machine dies."""
        child = self.running.pop(name)
        self.group.children.remove(child)
        child.kill()

    def wait_until_ready(self) -> None:
        """Wait until the web answers."""
        wait_for("an answer of /readyz", self._ready)

    def _ready(self) -> bool:
        try:
            with urlopen(f"{self.address}/readyz", timeout=5) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    def caller(self, token: str | None = None) -> Caller:
        """A client with ``token``, else of the public."""
        return Caller(self.address, token)

    @property
    def organiser(self) -> Caller:
        """A client that may do everything."""
        return self.caller(self.token)

    def let_pass(self, step: timedelta) -> None:
        """Let time pass for everything that stands in the database."""
        let_pass(self.database_url, step)

    def ring(self, job: str) -> None:
        """Ring the doorbell of a job, so that a test need not wait for its period."""
        raise NotImplementedError

    def mails(self, *, purpose: str | None = None, to: str | None = None) -> list[EmailMessage]:
        """What was mailed so far."""
        found = []
        for file in sorted(self.mailbox.glob("*.eml")):
            parser = BytesParser(_class=EmailMessage, policy=policy.default)
            message = parser.parsebytes(file.read_bytes())
            if purpose in (None, message["X-Event-Purpose"]) and to in (None, message["To"]):
                found.append(message)
        return found

    def mail(self, purpose: str, *, to: str) -> EmailMessage:
        """Wait for the mail of this purpose to ``to``; there is one."""
        wait_for(f"a mail {purpose} to {to}", lambda: bool(self.mails(purpose=purpose, to=to)))
        (message,) = self.mails(purpose=purpose, to=to)
        return message

    def counted(self) -> Counter[tuple[str, str]]:
        """How many mails there are, by purpose and recipient."""
        return Counter((m["X-Event-Purpose"], m["To"]) for m in self.mails())

    def last_lines(self) -> str:
        """The ends of the logs, for a failed test."""
        logs = sorted(self.folder.glob("*.log"))
        tails = {log.name: _telling(log) for log in logs}
        return "\n".join(f"--- {name}\n" + "\n".join(lines) for name, lines in tails.items())


def _telling(log: Path) -> list[str]:
    lines = log.read_text("utf-8", "replace").splitlines()
    return [line for line in lines if '"event": "request"' not in line][-40:]


class Embedded(Home):
    """SQLite and a runner; mail goes to a folder."""

    parts: Mapping[str, tuple[str | Path, ...]] = {"web": (*CLI, "web"), "runner": (*CLI, "runner")}
    worker = "runner"

    def ring(self, job: str) -> None:
        """Touch the bell, as the web does."""
        bell = self.folder / "data" / "bell"
        bell.mkdir(exist_ok=True)
        (bell / job).touch()


class Production(Home):
    """PostgreSQL, Redis, Celery, SMTP: as in docker-compose.yml, with one worker for all queues."""

    worker = "worker"

    def __init__(self, folder: Path, database_url: str, group: Group) -> None:
        super().__init__(folder, database_url, group)
        self.redis_port, mail_port = free_port(), free_port()
        broker = f"redis://127.0.0.1:{self.redis_port}"
        self.settings |= {
            "EVENTSVC_BROKER_URL": f"{broker}/0",
            "EVENTSVC_CACHE_URL": f"{broker}/1",
            "EVENTSVC_MAIL_URL": f"smtp://127.0.0.1:{mail_port}",
        }
        mail = (sys.executable, "-m", "dev.catcher", f"127.0.0.1:{mail_port}", self.mailbox)
        worker = ("worker", "-Q", "mail,plan,report", "-c", "2", "-n", f"one{mail_port}@%h")
        quiet = ("--without-gossip", "--without-mingle", "--loglevel", "INFO")
        redis = ("--bind", "127.0.0.1", "--port", str(self.redis_port), "--save", "")
        self.parts = {
            "redis": (programs.redis(), *redis),
            "mail": mail,
            "worker": (BIN / "celery", "-A", "workers.app", *worker, *quiet),
            "beat": (BIN / "celery", *beat(folder / "schedule")[1:]),
            "web": (*CLI, "web"),
        }
        self.bell = Celery(broker=f"{broker}/0", set_as_current=False)

    def start(self, name: str) -> None:
        """Start a part; beat begins with an empty schedule (delivery.md §10)."""
        if name == "beat":
            for left in self.folder.glob("schedule*"):
                left.unlink()
        super().start(name)
        if name == "redis":
            self.running["redis"].wait_until(lambda: answers(self.redis_port))

    def ring(self, job: str) -> None:
        """Send the poke, as the web does."""
        self.bell.send_task(job, queue=jobs.queues()[job], ignore_result=True)
