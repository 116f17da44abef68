"""Reads one sheet in a process of its own: XLSX on standard input, JSON on standard output.

Run as a script with ``memory seconds most_rows most_columns``. It imports nothing of the house.
Exit 2: no workbook; any other failure: a limit was met.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import resource
import sys
from typing import Any

import python_calamine

LONGEST_KEPT = 10_001
"""Characters kept of a text, one more than are allowed: the reader refuses it by its length."""

LARGEST_ANSWER = 20_000_000
"""Characters of all cells together; a text that many cells share counts each time."""


def plain(value: Any) -> Any:
    """A cell as JSON: days and times as ISO 8601, spans in seconds."""
    if isinstance(value, dt.timedelta):
        return value.total_seconds()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return value[:LONGEST_KEPT] if isinstance(value, str) else value


def read(content: bytes, most_rows: int, most_columns: int) -> dict[str, Any]:
    """The rows of the first sheet, empty ones before the first cell included."""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    sheet = book.get_sheet_by_index(0)
    if sheet.total_width > most_columns:
        return {"wide": True, "rows": []}
    left = LARGEST_ANSWER
    rows: list[list[Any]] = []
    for row in sheet.iter_rows():
        if len(rows) >= most_rows:
            break
        cells = [plain(value) for value in row]
        left -= sum(len(cell) for cell in cells if isinstance(cell, str))
        if left < 0:
            raise MemoryError
        rows.append(cells)
    return {"wide": False, "rows": rows}


def main(memory: int, seconds: int, most_rows: int, most_columns: int) -> int:
    """Limit this process, then read."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        found = read(sys.stdin.buffer.read(), most_rows, most_columns)
    except (python_calamine.CalamineError, OSError, IndexError, ValueError):
        return 2
    json.dump(found, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:5])))
