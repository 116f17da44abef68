"""What the doors of exports take and answer."""

from __future__ import annotations

from typing import Any

from eventsvc.core.pages import ListQuery
from eventsvc.core.text import (
    Answer,
    Body,
    Boolean,
    Choice,
    Id,
    Instant,
    Integer,
    ListOf,
    QueryChoice,
    Text,
)
from eventsvc.core.work import STATES
from eventsvc.exports.models import Export
from eventsvc.exports.policy import FORMATS, KINDS

HIDDEN = "Programmes only: with items that the public cannot see yet"


class ExportBody(Body):
    """A file that is to be made."""

    kind = Choice(KINDS, required=True)
    format = Choice(FORMATS, required=True)
    hidden = Boolean(load_default=False, metadata={"description": HIDDEN})


class ExportQuery(ListQuery):
    """Filters of exports."""

    kind = ListOf(QueryChoice(KINDS), len(KINDS))
    state = ListOf(QueryChoice(STATES), len(STATES))


class ExportOut(Answer):
    """An export. ``content_url`` is there while the file is."""

    id = Id()
    event_id = Id()
    job_id = Id()
    state = Text(metadata={"enum": list(STATES)})
    kind = Text()
    format = Text()
    hidden = Boolean()
    file_name = Text()
    size = Integer(allow_none=True, metadata={"description": "Bytes"})
    content_url = Text(allow_none=True)
    created_at = Instant()
    expires_at = Instant()


class ExportQueuedOut(Answer):
    """The job that makes the file."""

    id = Id()
    state = Text(metadata={"enum": list(STATES)})
    export_id = Id()


def shown(row: Export) -> dict[str, Any]:
    """The row that :class:`ExportOut` writes; job and file are loaded."""
    address = f"/api/v1/events/{row.event_id}/exports/{row.id}/content"
    return {
        **vars(row),
        "state": row.job.state,
        "size": row.file.size if row.file else None,
        "content_url": address if row.file else None,
    }
