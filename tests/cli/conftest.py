"""The console script in a process of its own, on an SQLite file in an empty folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture
def eventsvc(tmp_path: Path):
    """Run a command; ``fails=True`` expects it to end with an error."""

    def run(*arguments: str, fails: bool = False, **settings: str) -> str:
        kept = {name: value for name, value in os.environ.items() if "EVENTSVC_" not in name}
        env = kept | {"EVENTSVC_DATA_DIR": str(tmp_path), "EVENTSVC_LOG_LEVEL": "ERROR"}
        env |= {f"EVENTSVC_{name}": value for name, value in settings.items()}
        done = subprocess.run(
            [sys.executable, "-m", "eventsvc.cli", *arguments],
            env=env,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode != 0) == fails, done.stdout + done.stderr
        return done.stdout + done.stderr

    return run
