"""Questions about exports, and the lists that go into them."""

from eventsvc.exports.queries.rows import (
    KIND,
    SORTS,
    export_for,
    export_of_job,
    exports_of,
    with_files,
)
from eventsvc.exports.queries.tables import Listed, listed

__all__ = [
    "KIND",
    "SORTS",
    "Listed",
    "export_for",
    "export_of_job",
    "exports_of",
    "listed",
    "with_files",
]
