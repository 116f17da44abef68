"""What the import rules cannot say (design.md, “Laws of the house”)."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from eventsvc import jobs
from eventsvc.core import config

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("eventsvc", "workers", "seeds")
LONGER = {"eventsvc/registration/actions": 400, "eventsvc/ical/render": 300}
FORBIDDEN_NAMES = {
    "utils",
    "helpers",
    "common",
    "manager",
    "service",
    "base",
    "data",
    "process",
    "handle",
}


def sources() -> list[Path]:
    return sorted(
        path
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if "migrations" not in path.parts
    )


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


SOURCES = sources()
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES}


def calls(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = ast.unparse(node.func.value)
            yield f"{owner}.{node.func.attr}", node.lineno


def places(wanted: set[str], allowed: str) -> list[str]:
    """Where an attribute call or name of ``wanted`` stands outside the module ``allowed``."""
    found = []
    for path, tree in TREES.items():
        if name_of(path).startswith(allowed):
            continue
        found += [
            f"{name_of(path)}:{line} {call}"
            for call, line in calls(tree)
            if any(call.endswith(end) for end in wanted)
        ]
    return found


def test_only_the_door_commits():
    assert places({".commit"}, "eventsvc/core/transactions.py") == []


def test_one_clock():
    wanted = {"datetime.now", "datetime.utcnow", "date.today", "time.time"}
    assert places(wanted, "eventsvc/core/clock.py") == []


def test_the_environment_is_read_in_one_place():
    found = [
        name_of(path)
        for path, tree in TREES.items()
        if not name_of(path).startswith("eventsvc/core/config")
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node) in {"os.environ", "os.getenv"}
    ]
    assert found == []


def test_no_import_inside_a_function():
    found = [
        f"{name_of(path)}:{inner.lineno}"
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert found == []


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_files_and_functions_are_small(path: Path):
    lines = path.read_text(encoding="utf-8").splitlines()
    room = next((most for start, most in LONGER.items() if name_of(path).startswith(start)), 250)
    assert len(lines) <= room, f"{len(lines)} lines"
    long = [
        f"{node.name}: {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(TREES[path])
        if isinstance(node, ast.FunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1
        > 40 + len((ast.get_docstring(node) or "").splitlines())
    ]
    assert long == []


def test_doors_are_short():
    """A view or a job is at most fifteen lines, its docstring aside."""
    found = []
    for path, tree in TREES.items():
        parts = path.relative_to(ROOT).parts
        if not {"api", "api.py", "jobs.py"} & set(parts) or parts[1] in {"core", "jobs.py"}:
            continue
        for node in tree.body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
            length = (node.end_lineno or 0) - first.lineno + 1
            if length > 15:
                found.append(f"{name_of(path)}:{node.lineno} {node.name}: {length}")
    assert found == []


def test_names_say_what_things_are():
    found = [name_of(path) for path in SOURCES if set(path.stem.split("_")) & FORBIDDEN_NAMES]
    assert found == []


def test_every_room_is_in_the_import_rules():
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    inside = next(c for c in rules["contracts"] if c["name"] == "Inside a room only downwards")
    rooms = {
        f"eventsvc.{path.parent.name}"
        for path in (ROOT / "eventsvc").glob("*/__init__.py")
        if path.parent.name not in {"core", "cli", "migrations"}
    }
    assert set(inside["containers"]) == rooms


def test_every_module_has_its_mirror_test():
    """``eventsvc/room/verbs.py`` has ``tests/room/test_verbs*.py``; a module of a package may be
    tested under its own name or under the package's, or below a folder of the package's name.

    Tables and shapes (models, schemas) are tested where they are used.
    """
    missing = []
    for path in SOURCES:
        parts = path.relative_to(ROOT).with_suffix("").parts
        parts = parts[1:] if parts[0] == "eventsvc" else parts
        if path.stem in {"__init__", "__main__"} or {"models", "schemas"} & set(parts):
            continue
        folder = ROOT / "tests" / parts[0] if len(parts) > 1 else ROOT / "tests"
        names = ["tasks", *parts[1:]] if parts[0] == "workers" else list(parts[1:] or parts)
        tests = [
            found
            for name in names
            for found in (
                *folder.glob(f"**/test_{name}*.py"),
                *folder.glob(f"{name}/test_*.py"),
                *(ROOT / "tests/journeys").glob(f"test_{name}.py"),
            )
        ]
        if not tests:
            missing.append(name_of(path))
    assert missing == []


def test_every_job_has_one_task():
    """Read in a process of its own: importing the worker needs its settings."""
    code = (
        "import workers.app as a; a.celery.loader.import_default_modules();"
        "print(*sorted(n for n in a.celery.tasks if not n.startswith('celery.')))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == sorted(job.name for job in jobs.PERIODIC)


def test_job_names_are_unique():
    names = [job.name for job in jobs.PERIODIC]
    assert len(names) == len(set(names))


def test_every_setting_is_documented():
    """``docs/reference/settings.md`` holds the table that ``eventsvc config table`` prints."""
    assert config.table() in (ROOT / "docs/reference/settings.md").read_text(encoding="utf-8")
