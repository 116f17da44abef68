"""Tables read: rows by the names of their header, with the line each stands on (api.md §8)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from eventsvc.core.errors import Invalid
from eventsvc.core.tables.cells import armed
from eventsvc.core.tables.packages import check_package, rows_of_sheet

LARGEST_FILE = 5 * 1024 * 1024
MOST_ROWS = 10_000
MOST_COLUMNS = 100
LONGEST_CELL = 10_000
CHARSETS = ("utf-8", "iso-8859-1", "iso-8859-15", "windows-1252", "windows-1250", "utf-16")
SEPARATORS = ",;\t"

Value = str | int | float | bool


@dataclass(frozen=True)
class Row:
    """One row: ``line`` of the file (the header is line 1), cells by name; empty ones left out."""

    line: int
    cells: dict[str, Value]


@dataclass(frozen=True)
class Table:
    """A file as read: names of the columns in order, rows that are not empty."""

    header: tuple[str, ...]
    rows: list[Row]


def refused(code: str, detail: str, line: int | None = None) -> Invalid:
    """The refusal of a file."""
    return Invalid.field("/file", code, detail if line is None else f"Line {line}: {detail}")


def read_csv(content: bytes, charset: str | None = None) -> Table:
    """Read CSV with ``,``, ``;`` or tab between fields, whichever the header has most of.

    Args:
        content: the file; a byte order mark of UTF-8 is allowed.
        charset: one of :data:`CHARSETS`; UTF-8 when it is not declared.

    Raises:
        Invalid: pointer ``/file``: ``too-large``, ``bad-charset``, ``bad-csv``, ``no-header``,
            ``repeated-column``, ``too-many-rows``, ``too-many-columns``, ``too-many-cells``,
            ``too-long``.
    """
    check_size(content)
    text = _decoded(content, charset or "utf-8")
    first = text.split("\n", 1)[0]
    separator = max(SEPARATORS, key=first.count)
    # strict: a quote that is never closed is refused instead of eating the rest of the file
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    return _table(_numbered(reader))


def _decoded(content: bytes, charset: str) -> str:
    if charset not in CHARSETS:
        raise refused("bad-charset", f"One of: {', '.join(CHARSETS)}")
    try:
        return content.decode("utf-8-sig" if charset == "utf-8" else charset)
    except UnicodeError as error:
        detail = f"The file is not {charset}; declare its charset, or save it as UTF-8"
        raise refused("bad-charset", detail) from error


def _numbered(reader: Any) -> Iterator[tuple[int, Sequence[Any]]]:
    """(line on which a row starts, its fields): a field in quotes may have several lines."""
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise refused("bad-csv", "This is not CSV; look at its quotes", line) from error
        yield line, row


def read_xlsx(content: bytes) -> Table:
    """Read the first sheet of an XLSX workbook; formulas count as the values they had.

    The ZIP is judged before anything of it is parsed, and the sheet is parsed in a process of
    its own with little memory and time (security.md row 24).

    Raises:
        Invalid: pointer ``/file``: ``bad-xlsx``, ``bomb``, ``macros``, ``external-links``, and as
            :func:`read_csv`.
    """
    check_size(content)
    check_package(content)
    sheet = json.loads(rows_of_sheet(content, most_rows=MOST_ROWS + 2, most_columns=MOST_COLUMNS))
    if sheet["wide"]:
        raise refused("too-many-columns", f"At most {MOST_COLUMNS} columns")
    return _table((line, row) for line, row in enumerate(sheet["rows"], start=1))


def check_size(content: bytes) -> None:
    """Refuse a file of more than 5 MiB.

    Raises:
        Invalid: ``too-large``.
    """
    if len(content) > LARGEST_FILE:
        raise refused("too-large", f"At most {LARGEST_FILE} bytes")


def _table(lines: Iterable[tuple[int, Sequence[Any]]]) -> Table:
    header: tuple[str, ...] | None = None
    rows: list[Row] = []
    for line, fields in lines:
        cells = [_value(field, line) for field in fields]
        if all(cell == "" for cell in cells):
            continue
        if header is None:
            header = _header(cells, line)
            continue
        if len(rows) == MOST_ROWS:
            raise refused("too-many-rows", f"At most {MOST_ROWS} rows", line)
        if any(cell != "" for cell in cells[len(header) :]):
            raise refused("too-many-cells", f"The header has {len(header)} columns", line)
        named = zip(header, cells, strict=False)
        rows.append(Row(line, {name: cell for name, cell in named if name and cell != ""}))
    if header is None:
        raise refused("no-header", "The first row names the columns")
    return Table(tuple(name for name in header if name), rows)


def _value(field: Any, line: int) -> Value:
    if field is None:
        return ""
    if not isinstance(field, str):
        return int(field) if isinstance(field, float) and field.is_integer() else field
    if len(field) > LONGEST_CELL:
        raise refused("too-long", f"At most {LONGEST_CELL} characters in a cell", line)
    return armed(field.strip(" "))


def _header(cells: Sequence[Value], line: int) -> tuple[str, ...]:
    """The names of the columns, folded: ``External ID`` is ``external_id``."""
    names = ["_".join(str(cell).strip().lower().replace("-", " ").split()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    if len(names) > MOST_COLUMNS:
        raise refused("too-many-columns", f"At most {MOST_COLUMNS} columns", line)
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise refused("repeated-column", f"Twice there: {', '.join(twice)}"[:200], line)
    return tuple(names)
