"""The application beside its document: schemathesis calls everything with what nobody thought of.

All of its checks, on both databases. No answer is 500, none differs from the document, and nothing
is let in that the document forbids.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

import pytest

from dev.processes import Group
from tests.conftest import Databases
from tests.journeys.homes import CLI, Home

pytestmark = [pytest.mark.servers, pytest.mark.timeout(300)]

PROGRAM = Path(sys.executable).parent / "schemathesis"
CONFIGURATION = Path(__file__).with_name("schemathesis.toml")


class WebAlone(Home):
    """The web process and its database."""

    parts: ClassVar = {"web": (*CLI, "web")}


@contextmanager
def web(databases: Databases, folder: Path) -> Iterator[Home]:
    """A web process on a new database, without rate limits."""
    group, url = Group(), databases.make()
    home = WebAlone(folder, url, group)
    home.settings["EVENTSVC_RATELIMIT_ENABLED"] = "false"
    try:
        home.open()
        yield home
    finally:
        group.stop(30)
        databases.drop(url)


def called(home: Home, *options: str) -> None:
    """Run schemathesis against ``home``; what it prints where it finds something."""
    command = [str(PROGRAM), "--config-file", str(CONFIGURATION), "run", *options]
    command += [f"{home.address}/api/v1/openapi.json", "--checks", "all", "--continue-on-failure"]
    command += ["--header", f"Authorization: Bearer {home.token}"]
    done = subprocess.run(
        command, cwd=home.folder, env=dict(os.environ), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]
    assert "generated" in done.stdout, done.stdout[-2_000:]
    log = (home.folder / "web.log").read_text(encoding="utf-8")
    assert "request.defect" not in log, log[-5_000:]


def test_every_operation_answers_as_documented(databases: Databases, tmp_path: Path):
    with web(databases, tmp_path) as home:
        called(home, "--phases", "examples,coverage", "--max-time", "8", "--seed", "1")


@pytest.mark.deep
def test_what_nobody_thought_of(databases: Databases, tmp_path: Path):
    """Eight minutes: single calls, then calls that build on each other's answers."""
    with web(databases, tmp_path) as home:
        called(home, "--phases", "examples,coverage,fuzzing", "--max-time", "180")
        called(home, "--phases", "stateful", "--max-time", "300")
