"""``python -m dev.full``: the production shape starts, answers, mails and stops."""

from __future__ import annotations

import os
import re
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from dev.processes import Child, answers, start
from tests.journeys.caller import Caller
from tests.journeys.homes import ROOT, wait_for
from tests.journeys.test_up import below, parents

pytestmark = [pytest.mark.servers, pytest.mark.timeout(400)]

WHOLE = ("dev", "eventsvc", "workers", "seeds", "pyproject.toml")


@pytest.fixture
def copy() -> Iterator[Path]:
    """The project in another folder: run-full keeps its data beside itself.

    Not in pytest's own, which the user that PostgreSQL runs as cannot enter.
    """
    with tempfile.TemporaryDirectory(prefix="eventsvc-full-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        for part in WHOLE:
            place = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
            place(ROOT / part, folder / part)
        yield folder


@pytest.fixture
def full(copy: Path) -> Iterator[Child]:
    """A started run-full with servers of its own."""
    env = {name: value for name, value in os.environ.items() if "EVENTSVC_" not in name}
    env |= {"PYTHONPATH": str(copy), "PYTHONUNBUFFERED": "1"}
    log = copy / "printed.log"
    child = start("run-full", [sys.executable, "-m", "dev.full"], env=env, cwd=copy, log=log)
    yield child
    child.stop(120)


def test_run_full_starts_answers_mails_and_stops(full: Child, copy: Path):
    assert full.log is not None
    log = full.log
    full.wait_until(lambda: "Ctrl-C" in log.read_text(), seconds=200)
    shown = dict(re.findall(r"^  (\w+) +(\S.*)$", log.read_text(), re.MULTILINE))
    organiser = Caller(shown["Address"], shown["Token"])
    assert len(organiser.get("/api/v1/series")["items"]) == 3
    assert organiser.get("/healthz")["mode"] == "celery"
    assert "Celery" in shown["Mode"]
    mailbox = copy / shown["Mailbox"]
    wait_for("a mail through SMTP", lambda: any(mailbox.glob("*.eml")), seconds=90)

    children = below(full.pid)
    assert len(children) >= 8
    full.process.send_signal(signal.SIGINT)
    assert full.process.wait(120) == 0
    assert log.read_text().endswith("All stopped.\n")
    assert not answers(urlsplit(shown["Address"]).port or 0)
    assert not children & set(parents())
