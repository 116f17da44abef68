"""What the doors of imports take and answer."""

from __future__ import annotations

from typing import Any

from eventsvc.core.pages import ListQuery
from eventsvc.core.tables import CHARSETS, LARGEST_FILE
from eventsvc.core.text import (
    Answer,
    Body,
    Boolean,
    FilePart,
    Id,
    Instant,
    Integer,
    ListOf,
    QueryBoolean,
    QueryChoice,
    Text,
)
from eventsvc.core.work import STATES
from eventsvc.imports.models import Import
from eventsvc.imports.policy import FORMATS, KINDS, MATCHES, MODES


class ImportForm(Body):
    """A file and what is to be done with it."""

    file = FilePart(required=True, largest=LARGEST_FILE)
    kind = QueryChoice(KINDS, required=True)
    format = QueryChoice(FORMATS, required=True)
    mode = QueryChoice(MODES, required=True)
    match = QueryChoice(MATCHES, load_default="create_only")
    notify = QueryBoolean(
        load_default=False, metadata={"description": "Write to the guests as if entered by hand"}
    )
    charset = QueryChoice(CHARSETS, metadata={"description": "Of a CSV file, where not UTF-8"})


class ImportQuery(ListQuery):
    """Filters of imports."""

    kind = ListOf(QueryChoice(KINDS), len(KINDS))
    state = ListOf(QueryChoice(STATES), len(STATES))


class ImportOut(Answer):
    """An import; rows, counts and the problem stand in its job."""

    id = Id()
    event_id = Id()
    job_id = Id()
    state = Text(metadata={"enum": list(STATES)})
    kind = Text()
    format = Text()
    mode = Text()
    match = Text()
    notify = Boolean()
    file_name = Text()
    size = Integer(metadata={"description": "Bytes"})
    created_at = Instant()
    ended_at = Instant(allow_none=True)


class TakenOut(Answer):
    """The job that does the work."""

    id = Id()
    state = Text(metadata={"enum": list(STATES)})
    import_id = Id()


def shown(row: Import) -> dict[str, Any]:
    """The row that :class:`ImportOut` writes; its job is loaded."""
    return {**vars(row), "state": row.job.state, "ended_at": row.job.ended_at}
