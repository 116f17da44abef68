"""Documents of an edition: a kept file, or a link, or a name to begin with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from eventsvc.audit.actions import record
from eventsvc.core import files
from eventsvc.core.errors import Conflict
from eventsvc.core.media import DOCUMENTS
from eventsvc.core.rights import Actor
from eventsvc.events.actions.particulars import (
    add_particular,
    change_particular,
    remove_particular,
)
from eventsvc.events.models import Event, EventDocument, EventPage
from eventsvc.events.policy import lets_go_of_file, pages_showing, refuse_archived

LARGEST = 25 * 1024 * 1024
"""Octets of one document (api.md §8)."""


def add_document(
    session: Session, actor: Actor, event: Event, values: dict[str, Any], *, now: datetime
) -> EventDocument:
    """Add a document by its name, with a link if there is one; a file follows by
    :func:`put_content`. Raises Conflict ``archived``."""
    return add_particular(
        session, actor, EventDocument, event, {**values, "created_at": now}, now=now
    )


def change_document(
    session: Session,
    actor: Actor,
    event: Event,
    document: EventDocument,
    values: dict[str, Any],
    *,
    now: datetime,
) -> EventDocument:
    """Change what is said of a document. A link takes the place of the file it had.

    Raises:
        Conflict: ``archived``.
    """
    gone = _release(document) if lets_go_of_file(values) else []
    change_particular(session, actor, event, document, values, now=now)
    files.discard(session, gone)
    return document


def put_content(
    session: Session,
    actor: Actor,
    event: Event,
    document: EventDocument,
    content: bytes,
    *,
    said: str,
    now: datetime,
) -> EventDocument:
    """Give a document its file, in the place of the file or link it had (api.md §8).

    ``said``: the media type that the sender claims; the bytes decide.

    Raises:
        Conflict: ``archived``.
        UnsupportedMedia: the content is no document, or is disguised as one.
    """
    refuse_archived(event.state)
    media_type = files.checked_type(content, DOCUMENTS, said=said)
    gone = _release(document)
    document.url = None
    document.file = files.keep(session, content, media_type, now=now)
    session.flush()
    files.discard(session, gone)
    changes = {"media_type": media_type, "size": len(content)}
    record(session, actor, "document.content-put", document, now=now, changes=changes)
    return document


def remove_document(
    session: Session, actor: Actor, event: Event, document: EventDocument, *, now: datetime
) -> None:
    """Delete a document with its file.

    Raises:
        Conflict: ``archived``, or ``document-in-use``: a page shows it.
    """
    pages = select(EventPage.id, EventPage.blocks).where(EventPage.event_id == event.id)
    showing = pages_showing(document.id, [(row.id, row.blocks) for row in session.execute(pages)])
    if showing:
        raise Conflict("document-in-use", "A page shows it.", conflicts_with=showing)
    gone = [document.file_id]
    remove_particular(session, actor, event, document, now=now)
    files.discard(session, gone)


def discard_documents(session: Session, event: Event) -> None:
    """Forget the files of an edition that is being deleted; its rows go with it."""
    kept = select(EventDocument.file_id).where(EventDocument.event_id == event.id)
    file_ids: Sequence[str | None] = session.scalars(kept).all()
    session.execute(
        update(EventDocument).where(EventDocument.event_id == event.id).values(file_id=None)
    )
    files.discard(session, file_ids)


def download_of(document_id: str) -> Callable[[Session, datetime], None]:
    """What counts one download of a document; its version stays, for nothing was edited."""

    def note(session: Session, _now: datetime) -> None:
        counted = update(EventDocument).where(EventDocument.id == document_id)
        session.execute(counted.values(downloads=EventDocument.downloads + 1))

    return note


def _release(document: EventDocument) -> list[str | None]:
    """Take a document's file off it; the id to be discarded once nothing points to it."""
    gone = [document.file_id]
    document.file = None
    return gone
