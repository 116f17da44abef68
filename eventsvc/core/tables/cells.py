"""Cells that no spreadsheet takes for a formula (api.md §8, security.md row 20)."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime

Cell = str | int | float | bool | date | datetime | None
"""What a cell may hold. An aware datetime is written as a text with its offset."""

STARTERS = "=+-@\t\r\n"


def _starts_formula(text: str) -> bool:
    """Whether a spreadsheet may read ``text`` as a formula: full-width forms count as well."""
    return unicodedata.normalize("NFKC", text[:4])[:1] in STARTERS if text else False


def defused(text: str) -> str:
    """``text`` with a ``'`` before it where it starts like a formula.

    A text that starts like a defused one is prefixed too, so that :func:`armed` gives every text
    back as it was.
    """
    return f"'{text}" if _starts_formula(text.lstrip("'")) else text


def armed(text: str) -> str:
    """The text that :func:`defused` was given; any other comes back as it is."""
    defused_before = text.startswith("'") and _starts_formula(text.lstrip("'"))
    return text[1:] if defused_before else text


def written(value: Cell) -> str | int | float | bool | date | None:
    """A cell as a typed spreadsheet takes it: texts defused, instants as texts with offset."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.isoformat()
    return defused(value) if isinstance(value, str) else value


def printed(value: Cell) -> str:
    """A cell as CSV has it: ``true`` and ``false``, ISO 8601 days and times, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return defused(value) if isinstance(value, str) else str(value)
