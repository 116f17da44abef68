"""The facts of the source documents, as files beside this module."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "data"


@cache
def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content


def organisations() -> list[dict[str, Any]]:
    """The 72 organisations, in the order of the sources."""
    found: list[dict[str, Any]] = _read(FOLDER / "organisations.yaml")["organisations"]
    return found


def initiatives() -> list[dict[str, Any]]:
    """The 12 initiatives and programmes, kept apart from the organisations."""
    found: list[dict[str, Any]] = _read(FOLDER / "organisations.yaml")["initiatives"]
    return found


def series() -> list[dict[str, Any]]:
    """The 3 series."""
    found: list[dict[str, Any]] = _read(FOLDER / "series.yaml")["series"]
    return found


def editions() -> list[dict[str, Any]]:
    """The 12 events: main events before the side events below them, else in the sources' order."""
    files = [_read(path) for path in (FOLDER / "editions").glob("*.yaml")]
    return sorted(files, key=lambda edition: ("parent" in edition, edition["order"]))
