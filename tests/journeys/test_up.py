"""``eventsvc up`` in an empty folder: what it prints works, what it starts it stops."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from dev.processes import Child, answers, free_port, start
from tests.journeys.caller import Caller
from tests.journeys.homes import CLI, wait_for

pytestmark = [pytest.mark.servers, pytest.mark.timeout(300)]


def quiet_environment(port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if "EVENTSVC_" not in name}
    return kept | {"EVENTSVC_BIND": f"127.0.0.1:{port}", "PYTHONUNBUFFERED": "1"}


@dataclass
class Started:
    """A started ``eventsvc up``."""

    child: Child
    folder: Path
    port: int
    began_at: int

    @property
    def printed(self) -> str:
        """What this start has printed so far."""
        assert self.child.log is not None
        return self.child.log.read_bytes()[self.began_at :].decode()

    def shown(self, label: str) -> str:
        """The value beside a label of the banner."""
        found = re.search(rf"^  {label} +(\S.*)$", self.printed, re.MULTILINE)
        assert found is not None, self.printed
        return found[1].split("   ")[0]

    def wait(self) -> None:
        """Wait until all is printed."""
        self.child.wait_until(lambda: "Ctrl-C" in self.printed, seconds=120)

    def stop(self, number: signal.Signals) -> int:
        """Signal it; its exit code."""
        self.child.process.send_signal(number)
        return self.child.process.wait(60)


@pytest.fixture
def up(tmp_path: Path) -> Iterator:
    """Start it, as often as wanted, in one folder and on one port."""
    port, started = free_port(), []

    def begin() -> Started:
        log = tmp_path / "printed.log"
        began_at = log.stat().st_size if log.exists() else 0
        env = quiet_environment(port)
        child = start("up", [*CLI, "up"], env=env, cwd=tmp_path, log=log)
        started.append(Started(child, tmp_path, port, began_at))
        return started[-1]

    yield begin
    for one in started:
        one.child.stop(30)


def parents() -> dict[int, int]:
    """Process → parent, of everything that runs here."""
    done = subprocess.run(
        ["ps", "-eo", "pid=,ppid=,stat="], capture_output=True, text=True, check=True
    )
    rows = [line.split() for line in done.stdout.splitlines()]
    return {int(pid): int(parent) for pid, parent, state in rows if not state.startswith("Z")}


def below(pid: int) -> set[int]:
    """Every process below ``pid``."""
    found, known = {pid}, parents()
    while more := {child for child, parent in known.items() if parent in found} - found:
        found |= more
    return found - {pid}


def test_a_fresh_folder_gets_a_service_that_keeps_its_data(up):
    first = up()
    first.wait()
    address, token = first.shown("Address"), first.shown("Token")
    organiser = Caller(address, token)
    assert organiser.call("GET", first.shown("API docs")).status == 200
    calendars = re.findall(r"http://\S+\.ics", first.printed)
    assert len(calendars) == 3
    for calendar in calendars:
        reply = Caller(address).call("GET", calendar)
        assert reply.status == 200
        assert reply.text.startswith("BEGIN:VCALENDAR")
    assert '"items"' in tried(first, organiser)
    mailbox = Path(first.shown("Mailbox"))
    assert mailbox.parent == first.folder / "var"
    wait_for("a mail", lambda: any(mailbox.glob("*.eml")))
    listed = subprocess.run(
        [*CLI, "mailbox", "list"],
        cwd=first.folder,
        env=quiet_environment(first.port),
        capture_output=True,
        text=True,
        check=True,
    )
    assert "registration_confirmed" in listed.stdout
    organiser_id = organiser.get("/api/v1/organisers")["items"][0]["id"]
    made = {"name": "Kept", "slug": "kept", "organiser_id": organiser_id}
    kept = organiser.post("/api/v1/series", made)["id"]

    children = below(first.child.pid)
    assert len(children) >= 2
    assert first.stop(signal.SIGINT) == 0
    assert first.printed.endswith("All stopped.\n")
    assert not children & set(parents())
    assert not answers(first.port)

    second = up()
    second.wait()
    assert second.shown("Token") == token
    assert re.findall(r"http://\S+\.ics", second.printed) == calendars
    assert organiser.get(f"/api/v1/series/{kept}")["name"] == "Kept"
    children = below(second.child.pid)
    assert second.stop(signal.SIGTERM) == 0
    assert not children & set(parents())


def tried(started: Started, organiser: Caller) -> str:
    """The answer to the line to try: by curl itself where it is installed."""
    line = shlex.split(started.shown("Try"))
    assert line[0] == "curl"
    if shutil.which("curl") is None:
        return organiser.call("GET", line[-1]).text
    return subprocess.run([*line, "-sS"], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_asked_to_stop_before_it_is_ready_it_leaves_nothing(up, number):
    started = up()
    wait_for("a first child", lambda: bool(below(started.child.pid)))
    children = below(started.child.pid)
    started.stop(number)
    wait_for("its end", lambda: not children & set(parents()))


def test_a_part_that_dies_ends_the_whole_and_is_named(up):
    started = up()
    started.wait()
    children = below(started.child.pid)
    web = min(pid for pid in children if parents()[pid] == started.child.pid)
    os.kill(web, signal.SIGKILL)
    assert started.child.process.wait(60) == 1
    assert "web ended by itself" in started.printed
    assert "Traceback" not in started.printed
    wait_for("its end", lambda: not children & set(parents()))
    assert not answers(started.port)


def test_a_taken_port_is_said_in_a_sentence(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [*CLI, "up"],
            cwd=tmp_path,
            env=quiet_environment(port),
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.startswith(f"Error: 127.0.0.1:{port} is taken.")
    assert "EVENTSVC_BIND" in done.stderr
    assert "Traceback" not in done.stderr
