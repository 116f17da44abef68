"""From the cells of a file to values that the verbs take."""

from eventsvc.imports.text.cells import typed
from eventsvc.imports.text.rows import ROW_SCHEMAS, ReadRow, read_rows, read_table

__all__ = ["ROW_SCHEMAS", "ReadRow", "read_rows", "read_table", "typed"]
