"""The databases of the tests: they start, they answer, and nothing of them is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import redis

from dev import programs, services
from dev.processes import Child, NotReady, answers, free_port, start

ROOT = Path(__file__).resolve().parents[2]
SHOW = "import os; print(*(os.environ[f'EVENTSVC_TEST_{n}_URL'] for n in ('DATABASE', 'BROKER')))"

pytestmark = pytest.mark.servers


@pytest.fixture(autouse=True)
def nothing_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if no running servers had been named."""
    monkeypatch.delenv(services.DATABASE_VARIABLE, raising=False)
    monkeypatch.delenv(services.BROKER_VARIABLE, raising=False)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that the user of the servers can enter, too (pytest's own are private)."""
    with tempfile.TemporaryDirectory(prefix="eventsvc-test-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def _run(*command: str, temporary: Path | None = None) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "dev.services", "run", "--", *command],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(temporary or tempfile.gettempdir())},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _gone(*urls: str, seconds: float = 15) -> bool:
    ports = [urlsplit(url).port or 0 for url in urls]
    end = time.monotonic() + seconds
    while any(answers(port) for port in ports):
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def _libpq(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


def test_both_answer_and_are_gone_afterwards():
    with services.services() as running:
        with psycopg.connect(_libpq(running.database_url), autocommit=True) as connection:
            [(connections,)] = connection.execute("SHOW max_connections").fetchall()
            [(folder,)] = connection.execute("SHOW data_directory").fetchall()
            [(address,)] = connection.execute("SHOW listen_addresses").fetchall()
            connection.execute("CREATE DATABASE another")
        assert (connections, address) == ("200", "127.0.0.1")
        with redis.Redis.from_url(running.broker_url) as client:
            assert client.ping()
            assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    assert _gone(running.database_url, running.broker_url)
    assert not Path(folder).exists()


def test_nobody_gets_in_without_the_password():
    with services.services() as running:
        address = urlsplit(running.database_url)
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(host="127.0.0.1", port=address.port, user="eventsvc", password="x")
        port = urlsplit(running.broker_url).port
        with redis.Redis(port=port or 0) as client, pytest.raises(redis.AuthenticationError):
            client.ping()


def test_only_what_is_wanted_is_started():
    with services.services(postgres=False) as running:
        assert not running.database_url
        assert running.broker_url.startswith("redis://")


def test_named_servers_are_used_and_left_alone(monkeypatch: pytest.MonkeyPatch):
    with services.services(postgres=False) as mine:
        monkeypatch.setenv(services.BROKER_VARIABLE, mine.broker_url)
        with services.services(postgres=False) as running:
            assert running == mine
        assert not _gone(mine.broker_url, seconds=0.1)


def test_data_stays_where_it_is_asked_to(open_folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(services, "KEPT_IN", open_folder / "kept")
    with services.services(durable=True) as running:
        with psycopg.connect(_libpq(running.database_url)) as connection:
            connection.execute("CREATE TABLE kept (word text)")
            connection.execute("INSERT INTO kept VALUES ('here')")
            assert connection.execute("SHOW fsync").fetchone() == ("on",)
        with redis.Redis.from_url(running.broker_url) as client:
            client.set("kept", "here")
    with services.services(durable=True) as running:
        with psycopg.connect(_libpq(running.database_url)) as connection:
            assert connection.execute("SELECT word FROM kept").fetchone() == ("here",)
        with redis.Redis.from_url(running.broker_url) as client:
            assert client.get("kept") == b"here"


@pytest.mark.parametrize("code", [0, 7])
def test_command_gets_both_and_its_exit_code_is_given_back(code: int):
    running = _run(sys.executable, "-c", f"{SHOW}; raise SystemExit({code})")
    out, err = running.communicate(timeout=60)
    assert (running.returncode, err) == (code, "")
    assert _gone(*out.split())


def test_unknown_command_is_said_in_one_line():
    running = _run("no-such-program")
    out, err = running.communicate(timeout=60)
    assert (running.returncode, out, err.count("\n")) == (127, "", 1)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_interrupted_it_stops_what_it_started(number: signal.Signals):
    running = _run(sys.executable, "-uc", f"{SHOW}; import time; time.sleep(60)")
    assert running.stdout is not None
    urls = running.stdout.readline().split()
    running.send_signal(number)
    running.communicate(timeout=30)
    assert running.returncode != 0
    assert _gone(*urls, seconds=0.5)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_killed_outright_it_leaves_no_server_behind(open_folder: Path):
    script = f"{SHOW}; import time; time.sleep(2)"
    running = _run(sys.executable, "-uc", script, temporary=open_folder)
    assert running.stdout is not None
    urls = running.stdout.readline().split()
    running.kill()
    running.communicate(timeout=30)
    assert _gone(*urls)


def test_missing_programs_are_named_in_one_sentence(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(programs, "_postgresql", lambda: None)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(programs.Missing, match=r"^PostgreSQL is not installed: [^.]*\.$"):
        programs.postgresql()


def test_child_that_ends_early_is_told_with_its_last_words(tmp_path: Path):
    script = "print('no such table'); raise SystemExit(3)"
    child = start("web", [sys.executable, "-c", script], log=tmp_path / "log")
    with pytest.raises(NotReady, match=r"web ended with code 3.\nno such table"):
        child.wait_until(lambda: False)


def test_child_that_stays_is_killed(tmp_path: Path):
    script = (
        "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); "
        "time.sleep(60)"
    )
    child: Child = start("stubborn", [sys.executable, "-uc", script], log=tmp_path / "log")
    child.wait_until(lambda: "up" in child.last_lines())
    assert child.stop(grace=0.2) == -signal.SIGKILL
    assert not child.alive


def test_free_port_is_free():
    assert not answers(free_port())
