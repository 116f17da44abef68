"""The measurements run, and compare like with like."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bench import comparison, figures
from bench.client import Answer

ROOT = Path(__file__).resolve().parents[2]
TINY = "--rounds 1 --seconds 0.05 --most 16 --items 6 --many-items 12 --guests 30 --mails 2"


@pytest.mark.servers
def test_it_measures_and_prints_each_pair():
    command = [sys.executable, "-m", "bench", "--database", "sqlite", *TINY.split()]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    titles = [line.split("|")[1].strip() for line in done.stdout.splitlines() if "|" in line]
    for wanted in (
        "calendar of 6 items: 200",
        "calendar of 6 items: 304",
        "event, organiser's API: 200",
        "registration by staff: 201",
        "calendar of 12 items beside 6: 304",
        "page 3 of registrations beside page 1",
    ):
        assert wanted in titles
    assert "smtplib alone with the same bytes" in done.stdout


def test_other_bytes_end_the_measurement():
    one, other = (Answer(200, [("Date", "x")], body) for body in (b"a", b"b"))
    with pytest.raises(RuntimeError, match="other bytes"):
        comparison.refuse_difference("calendar", one, other)


def test_figures_stand_between_their_marks(tmp_path: Path):
    readme = tmp_path / "README.md"
    readme.write_text(f"before\n{figures.BEGIN}\nold\n{figures.END}\nafter\n")
    figures.write("new", readme)
    figures.write("newer", readme)
    assert readme.read_text() == (f"before\n{figures.BEGIN}\n\nnewer\n\n{figures.END}\nafter\n")
