"""Each command of ``docker-compose.yml`` runs here, against real servers, and its check is green.

Settings are those of the compose file; only addresses, folders and secrets are this machine's.
Belongs to tests/journeys/test_compose_commands.py.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
import yaml
from sqlalchemy import make_url

from dev.full import cache_url
from dev.processes import Child, Group, free_port, start
from dev.services import services

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())[
    "services"
]
OURS = ["web", "worker-mail", "worker-plan", "worker-report", "beat"]
DATABASE = "eventsvc_compose"

pytestmark = [pytest.mark.servers, pytest.mark.timeout(240)]


class Machine:
    """The compose file, translated to this machine."""

    def __init__(self, settings: dict[str, str], port: int, temporary: Path) -> None:
        self.settings, self.port, self.temporary = settings, port, temporary

    def environment(self, name: str) -> dict[str, str]:
        compose = SERVICES[name]["environment"]
        plain = {key: value for key, value in compose.items() if "$" not in value}
        kept = {k: v for k, v in os.environ.items() if not k.startswith("EVENTSVC_")}
        own = {**kept, **plain, **self.settings, "PATH": f"{BIN}:{os.environ['PATH']}"}
        for key in self.settings:  # a value of ours takes the place of a secret file
            own.pop(f"{key}_FILE", None)
        return own

    def local(self, word: str) -> str:
        word = word.replace("/tmp/", f"{self.temporary}/")  # noqa: S108
        return word.replace("127.0.0.1:8000", f"127.0.0.1:{self.port}")

    def command(self, name: str) -> list[str | Path]:
        program, *arguments = SERVICES[name]["command"]
        return [BIN / program, *(self.local(word) for word in arguments)]

    def healthy(self, name: str) -> bool:
        kind, *test = SERVICES[name]["healthcheck"]["test"]
        words = [self.local(word).replace("$$", "$") for word in test]
        argv = ["sh", "-c", *words] if kind == "CMD-SHELL" else words
        done = subprocess.run(
            argv, env=self.environment(name), cwd=ROOT, capture_output=True, check=False, timeout=60
        )
        return done.returncode == 0


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """PostgreSQL with an empty database of its own, Redis, settings; migrated."""
    folder, port = tmp_path_factory.mktemp("compose"), free_port()
    with services() as running:
        url = make_url(running.database_url)
        plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {DATABASE}")
        settings = {
            "EVENTSVC_DATABASE_URL": url.set(database=DATABASE).render_as_string(
                hide_password=False
            ),
            "EVENTSVC_BROKER_URL": urlunsplit(urlsplit(running.broker_url)._replace(path="/2")),
            "EVENTSVC_CACHE_URL": cache_url(running.broker_url),
            "EVENTSVC_MAIL_URL": f"file://{folder}/mailbox",
            "EVENTSVC_SECRET_KEY": os.urandom(32).hex(),
            "EVENTSVC_DATA_DIR": str(folder / "data"),
            "EVENTSVC_BIND": f"127.0.0.1:{port}",
            "EVENTSVC_BASE_URL": "https://events.example.org",
            "EVENTSVC_ALLOWED_HOSTS": "events.example.org,127.0.0.1",
            "EVENTSVC_MAIL_FROM": "events@example.org",
        }
        here = Machine(settings, port, folder)
        done = subprocess.run(
            here.command("migrate"),
            env=here.environment("migrate"),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        yield here


def _every(seconds: float, check: Callable[[], bool]) -> Callable[[], bool]:
    """``check``, asked no more often than that: each ping starts a Python."""
    last = [0.0]

    def asked() -> bool:
        if time.monotonic() - last[0] < seconds:
            return False
        last[0] = time.monotonic()
        return check()

    return asked


@pytest.mark.parametrize("name", OURS)
def test_command_runs_is_healthy_and_stops_when_told(name: str, machine: Machine, tmp_path: Path):
    with Group() as group:
        child: Child = group.add(
            start(
                name,
                machine.command(name),
                env=machine.environment(name),
                cwd=ROOT,
                log=tmp_path / "log",
            )
        )
        child.wait_until(_every(1.0, lambda: machine.healthy(name)), seconds=90)
        code = child.stop(grace=60)
    assert code == 0, child.last_lines(40)
    assert not machine.healthy(name) or name == "beat"


def test_a_migrated_database_is_left_alone_by_a_second_migration(machine: Machine):
    for _ in range(2):
        done = subprocess.run(
            machine.command("migrate"),
            env=machine.environment("migrate"),
            cwd=ROOT,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
