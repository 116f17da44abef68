"""Each row of the table of threats (security.md, section 1) has a test that proves its defence."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib.metadata import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROWS = {
    1: "overbooking, lost or doubled promotion",
    2: "lost update",
    3: "a retry makes doubles",
    4: "automatic and manual promotion at once",
    5: "reading or changing another organiser's data",
    6: "existence is told",
    7: "content judged before rights",
    8: "mass assignment",
    9: "token theft, guessing",
    10: "private link leaks",
    11: "password guessing, session theft",
    12: "single sign-on mix-up",
    13: "open redirect",
    14: "account or registration enumeration",
    15: "capacity exhaustion by false addresses",
    16: "requests of the server to the inside",
    17: "forged or replayed webhooks",
    18: "stored scripts in agenda, biographies, announcements",
    19: "HTML or header injection in mail",
    20: "formula injection in CSV and XLSX",
    21: "template injection",
    22: "SQL, NUL, surrogates, control characters",
    23: "parser bombs",
    24: "upload bombs and disguises",
    25: "slow patterns, slow rendering",
    26: "time-zone bombs",
    27: "look-alike and invisible characters",
    28: "flood",
    29: "queue poisoning",
    30: "insider, tampering with history",
    31: "cross-site use",
    32: "supply chain",
}
LATER: dict[int, int] = {}
"""Rows whose defence is not built, and the number of the issue that builds it."""

# Permissive licences, and two whose terms hold for changes to the library itself: LGPL (psycopg,
# used as a library) and MPL (certifi, pathspec, hypothesis). Nothing of ours falls under them.
KNOWN_LICENCES = (
    "Apache", "BSD", "Dual License", "ISC", "LGPL-3.0", "MIT", "MPL", "Mozilla", "PSF",
    "Python Software Foundation", "Unlicense",
)  # fmt: skip


def marked_rows() -> Iterator[int]:
    """The rows in ``@pytest.mark.threat(…)`` of the tests."""
    for path in (ROOT / "tests").rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.threat":
                yield from (ast.literal_eval(row) for row in node.args)


def test_every_row_is_proved_or_belongs_to_a_later_issue():
    proved = set(marked_rows())
    assert proved <= set(ROWS)
    missing = set(ROWS) - proved - set(LATER)
    assert {row: ROWS[row] for row in missing} == {}


def locked(name: str) -> list[tuple[str, str]]:
    """Name and version of each distribution in a lock file."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return [tuple(line.split(" ")[0].split("==")) for line in lines if "==" in line.split(" ")[0]]


@pytest.mark.threat(32)
@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_locked_package_is_pinned_by_hash(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    parts = text.replace("\\\n", "").splitlines()
    pinned = [part for part in parts if "==" in part]
    assert pinned
    assert [part.split()[0] for part in pinned if "--hash=sha256:" not in part] == []


@pytest.mark.threat(32)
def test_every_locked_package_has_a_licence_we_know():
    """Read from what is installed; `make lock` and `make install` bring both to one state."""
    unknown = {}
    for name, version in {*locked("requirements.lock"), *locked("requirements-dev.lock")}:
        told = metadata(name)
        classifiers = [c for c in told.get_all("Classifier") or () if c.startswith("License ::")]
        words = (
            f"{told.get('License-Expression', '')} {told.get('License', '')[:100]} {classifiers}"
        )
        if not any(licence in words for licence in KNOWN_LICENCES):
            unknown[f"{name} {version}"] = words
    assert unknown == {}
