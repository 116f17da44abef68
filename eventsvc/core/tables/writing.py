"""Tables written: CSV with everything quoted, XLSX with typed cells and a frozen header."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from eventsvc.core.tables.cells import Cell, printed, written

BOM = "\ufeff"
LONGEST_CELL = 32_767
"""Characters that a cell of XLSX may hold; what is longer is cut (CSV holds all)."""

LONGEST_SHEET_NAME = 31
_NOT_IN_A_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")


def write_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A CSV file: UTF-8 with BOM, comma, CRLF, every field quoted (RFC 4180)."""
    file = io.StringIO(newline="")
    file.write(BOM)
    writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([printed(name) for name in header])
    writer.writerows([printed(value) for value in row] for row in rows)
    return file.getvalue().encode()


def write_xlsx(title: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """An XLSX file of one sheet; rows are streamed, so that many of them need little memory."""
    book = Workbook(write_only=True)
    name = _NOT_IN_A_SHEET_NAME.sub(" ", title)[:LONGEST_SHEET_NAME].strip() or "Table"
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, name, bold=True) for name in header])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _cell(sheet: Any, value: Cell, *, bold: bool = False) -> Any:
    given: Any = written(value)
    if isinstance(given, str):
        given = ILLEGAL_CHARACTERS_RE.sub("", given)[:LONGEST_CELL]
    cell = WriteOnlyCell(sheet, value=given)
    if isinstance(given, str):
        cell.data_type = "s"  # a text, whatever openpyxl would make of its first character
    if bold:
        cell.font = Font(bold=True)
    return cell
