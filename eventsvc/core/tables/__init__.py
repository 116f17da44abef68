"""Tables as files: CSV and XLSX, written without live formulas and read within limits (api.md §8).

No Flask, no database. A file that cannot be read is refused by ``Invalid`` with the pointer
``/file``, a stable code and a sentence that names the line.
"""

from eventsvc.core.tables.cells import Cell, armed, defused
from eventsvc.core.tables.reading import (
    CHARSETS,
    LARGEST_FILE,
    Row,
    Table,
    check_size,
    read_csv,
    read_xlsx,
)
from eventsvc.core.tables.writing import write_csv, write_xlsx

__all__ = [
    "CHARSETS",
    "LARGEST_FILE",
    "Cell",
    "Row",
    "Table",
    "armed",
    "check_size",
    "defused",
    "read_csv",
    "read_xlsx",
    "write_csv",
    "write_xlsx",
]
