"""The command line as a person runs it: a process, its output, its exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Said:
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Shell:
    """Runs ``eventsvc …`` in a folder of its own."""

    folder: Path

    @property
    def database_url(self) -> str:
        """The SQLite file that the commands make there."""
        return f"sqlite:///{self.folder}/var/eventsvc.db"

    def __call__(self, *arguments: str, typed: str = "", **variables: str) -> Said:
        """``variables``: settings without their prefix; ``typed``: what stands at its input."""
        kept = {name: value for name, value in os.environ.items() if "EVENTSVC_" not in name}
        given = {f"EVENTSVC_{name}": value for name, value in variables.items()}
        done = subprocess.run(
            [sys.executable, "-m", "eventsvc.cli", *arguments],
            cwd=self.folder,
            env=kept | given,
            input=typed,
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )
        return Said(done.returncode, done.stdout, done.stderr)

    def fails(self, *arguments: str, **variables: str) -> str:
        """The one sentence that a refused command says."""
        said = self(*arguments, **variables)
        assert said.code == 1, said
        assert said.err.startswith("Error: "), said.err
        assert "Traceback" not in said.err
        assert len(said.err.strip().splitlines()) == 1, said.err
        return said.err.removeprefix("Error: ").strip()


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """An empty folder."""
    return Shell(tmp_path)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A folder with an empty database, shared by the tests of a module."""
    shell = Shell(tmp_path_factory.mktemp("made"))
    said = shell("db", "upgrade")
    assert said.code == 0, said.err
    return shell
