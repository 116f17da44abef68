"""The five minutes of the README, run as they stand there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from dev.processes import free_port, start
from tests.journeys.homes import CLI
from tests.journeys.test_up import quiet_environment

pytestmark = [pytest.mark.servers, pytest.mark.timeout(300)]

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_five_minutes_to_the_first_event(tmp_path: Path):
    port = free_port()
    env = quiet_environment(port)
    commands = re.search(r"```sh\n(.*?)```", README, re.DOTALL)[1]
    commands = commands.replace("http://127.0.0.1:8000", f"http://127.0.0.1:{port}")
    commands = commands.replace(".venv/bin/eventsvc", f"{sys.executable} -m eventsvc.cli")
    log = tmp_path / "printed.log"
    child = start("up", [*CLI, "up"], env=env, cwd=tmp_path, log=log)
    try:
        child.wait_until(lambda: "Ctrl-C" in log.read_text(encoding="utf-8"), seconds=120)
        run = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", commands],
            cwd=tmp_path,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        child.stop(30)
    assert run.returncode == 0, run.stderr + run.stdout
    assert '"state":"published"' in run.stdout
    assert "SUMMARY:Clusters meet Regions in Example Town" in run.stdout
    assert run.stdout.count('"state":"confirmed","mode":"on_site"') == 2
    assert '"waitlist_position":1' in run.stdout
