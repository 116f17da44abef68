"""From the cells of a file to values that the verbs take."""

from eventsvc.imports.text.cells import typed
from eventsvc.imports.text.rows import ROW_SCHEMAS, ReadRow, read_rows, read_table
from eventsvc.imports.text.schedules import read_schedule

__all__ = ["ROW_SCHEMAS", "ReadRow", "read_rows", "read_schedule", "read_table", "typed"]
