"""The guides for organisers and for makers of clients, run as they stand there."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from dev.processes import Group, free_port
from tests.conftest import Databases
from tests.journeys.caller import Caller
from tests.journeys.homes import CLI, Home
from tests.journeys.test_up import quiet_environment
from tests.surface.test_schemathesis import WebAlone

pytestmark = [pytest.mark.servers, pytest.mark.timeout(300)]

GUIDES = Path(__file__).resolve().parents[2] / "docs/guides"
ADDRESS = "http://127.0.0.1:8000"


def blocks(guide: str, language: str) -> str:
    """The blocks of a language in a guide, one after the other."""
    text = (GUIDES / guide).read_text(encoding="utf-8")
    return "\n".join(re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL))


def test_from_an_empty_database_to_a_published_edition(tmp_path: Path):
    port = free_port()
    secret = {"EVENTSVC_SECRET_KEY": "a" * 40, "EVENTSVC_DATA_DIR": str(tmp_path)}
    # the web server ends with the shell, whatever happens
    before = f'eventsvc() {{ exec {" ".join(CLI)} "$@"; }}\n' + "trap 'kill $(jobs -p)' EXIT\n"
    commands = before + blocks("organisers.md", "sh").replace(ADDRESS, f"http://127.0.0.1:{port}")
    commands = re.sub(r"^eventsvc db (.*)$", r"(eventsvc db \1)", commands, flags=re.MULTILINE)
    run = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],
        cwd=tmp_path,
        env=quiet_environment(port) | secret | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert '"state":"published"' in run.stdout
    assert "SUMMARY:Hydrogen valleys in practice" in run.stdout
    assert '"total":1' in run.stdout
    last = json.loads(run.stdout[run.stdout.rindex('{"items"') :])
    states = {one["name"]: one["state"] for one in last["items"]}
    assert states == {"Guest 1": "cancelled", "Guest 2": "confirmed", "Guest 3": "confirmed"}


@pytest.fixture
def served(databases: Databases, tmp_path: Path):
    """A web process of this test alone."""
    group, url = Group(), databases.make()
    home = WebAlone(tmp_path, url, group)
    try:
        home.open()
        yield home
    finally:
        group.stop(30)
        databases.drop(url)


def test_a_client_made_from_the_document_works(served: Home, tmp_path: Path):
    program = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{program}{os.pathsep}{os.environ['PATH']}"}
    command = blocks("clients.md", "sh").replace(ADDRESS, served.address)
    made = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    assert "endpoint will be skipped" not in made.stdout.lower(), made.stdout

    admin = Caller(served.address, served.token)
    organiser = admin.post(
        "/api/v1/organisers",
        {"slug": "example-events", "name": "Example Events", "email": "events@example.org"},
    )
    token = admin.post(
        f"/api/v1/organisers/{organiser['id']}/api-tokens",
        {"name": "client", "role": "organiser-admin"},
    )["token"]
    journey = blocks("clients.md", "python").replace(ADDRESS, served.address)
    run = subprocess.run(
        [sys.executable, "-c", journey],
        cwd=tmp_path,
        env={**environment, "TOKEN": token},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.splitlines() == [
        "[('Robin Example', 'confirmed'), ('Sam Example', 'waitlisted')]",
        "Made by a client",
    ]
