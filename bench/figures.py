"""The figures as a table for people, and as the part of the README that is made from them."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.lanes import Comparison, Lane

BEGIN, END = "<!-- figures: made by `make bench` -->", "<!-- end of figures -->"
README = Path(__file__).with_name("README.md")
Row = Sequence[str]


def beside_bare_rows(found: Sequence[Comparison]) -> list[Row]:
    """One row for each comparison with the bare application, under a heading."""
    head = (
        "", "req/s", "bare Flask", "ratio", "p50 / p99 ms", "bare p50 / p99", "CPU ms", "bare CPU",
    )  # fmt: skip
    return [head, *(_row(one) for one in found)]


def growth_rows(found: Sequence[Comparison]) -> list[Row]:
    """One row for each comparison of large and small, under a heading."""
    head = (
        "", "req/s", "of the smaller", "ratio", "p50 / p99 ms", "smaller's", "CPU ms", "smaller's",
    )  # fmt: skip
    return [head, *(_row(one) for one in found)]


def _row(one: Comparison) -> Row:
    return (
        one.title,
        _rate(one.first.rate),
        _rate(one.second.rate),
        f"{one.ratio:.2f}",
        _latencies(one.first),
        _latencies(one.second),
        _cpu(one.first),
        _cpu(one.second),
    )


def _rate(rate: float) -> str:
    return f"{rate:,.0f}".replace(",", " ")


def _latencies(lane: Lane) -> str:
    return f"{lane.latency_ms(0.5):.1f} / {lane.latency_ms(0.99):.1f}"


def _cpu(lane: Lane) -> str:
    return "–" if lane.cpu_ms is None else f"{lane.cpu_ms:.2f}"


def table(rows: Sequence[Row]) -> str:
    """A Markdown table that is also readable as it stands."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]

    def line(cells: Row) -> str:
        first = cells[0].ljust(widths[0])
        rest = (cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True))
        return f"| {' | '.join([first, *rest])} |"

    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join([line(rows[0]), f"| {' | '.join(rule)} |", *map(line, rows[1:])])


def machine() -> list[str]:
    """What the figures were measured on, one fact a line."""
    parts = ("flask", "granian", "sqlalchemy", "psycopg")
    libraries = ", ".join(f"{name} {version(name)}" for name in parts)
    return [
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC; {_cores()} cores, {_processor()}",
        f"Python {platform.python_version()}, {libraries}, SQLite {sqlite3.sqlite_version}",
    ]


def load() -> float:
    """How many processes want a core, the last minute's mean."""
    return os.getloadavg()[0]


def busy(before: float) -> list[str]:
    """How busy the machine was before the measurement began, with a warning if too much so."""
    told = f"load before the measurement: {before:.1f}"
    if before < _cores() / 2:
        return [told]
    return [f"{told}: **other work took a share; compare the CPU columns, not the rates**"]


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def write(text: str, readme: Path = README) -> None:
    """Put the figures between the marks of the README."""
    before, _, rest = readme.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    readme.write_text(f"{before}{BEGIN}\n\n{text.strip()}\n\n{END}{after}", encoding="utf-8")
