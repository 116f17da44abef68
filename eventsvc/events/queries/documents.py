"""Documents and pages of an edition, as organisers, guests and the public see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.sql import Select

from eventsvc.core.errors import NotFound
from eventsvc.core.ids import is_id
from eventsvc.core.pages import Page
from eventsvc.events.models import Event, EventDocument, EventPage
from eventsvc.events.policy import VISIBILITIES, documents_in
from eventsvc.events.queries.named import column_names


def documents_seen(event: Event, visibilities: Sequence[str]) -> Select[EventDocument]:
    """The documents of an edition with one of these visibilities that can be opened."""
    return select(EventDocument).where(
        EventDocument.event_id == event.id,
        EventDocument.visibility.in_(visibilities),
        EventDocument.url.is_not(None) | EventDocument.file_id.is_not(None),
    )


def document_seen(
    session: Session, event: Event, document_id: str, visibilities: Sequence[str]
) -> EventDocument:
    """One of :func:`documents_seen`.

    Raises:
        NotFound: there is none among them, or the id is malformed.
    """
    if not is_id(document_id):
        raise NotFound
    wanted = documents_seen(event, visibilities).where(EventDocument.id == document_id)
    found = session.scalars(wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def pages_seen(event: Event, visibilities: Sequence[str]) -> Select[EventPage]:
    """The pages of an edition with one of these visibilities."""
    return select(EventPage).where(
        EventPage.event_id == event.id, EventPage.visibility.in_(visibilities)
    )


def with_documents(
    session: Session,
    event: Event,
    pages: Sequence[EventPage],
    visibilities: Sequence[str] = VISIBILITIES,
) -> list[dict[str, Any]]:
    """Pages with the documents that their blocks show, in one query more.

    A block whose document is not among ``visibilities`` is left out.
    """
    wanted = {one for page in pages for one in documents_in(page.blocks)}
    found: dict[str, EventDocument] = {}
    if wanted:
        statement = select(EventDocument).where(
            EventDocument.event_id == event.id,
            EventDocument.id.in_(wanted),
            EventDocument.visibility.in_(visibilities),
        )
        found = {row.id: row for row in session.scalars(statement)}
    return [_written(page, found) for page in pages]


def with_blocks(
    session: Session, event: Event, listed: Page, visibilities: Sequence[str] = VISIBILITIES
) -> Page:
    """A page of the list of pages, with the documents of their blocks."""
    return replace(listed, items=with_documents(session, event, listed.items, visibilities))


def page_in_full(session: Session, event: Event, page: EventPage) -> dict[str, Any]:
    """One page with the documents of its blocks."""
    return with_documents(session, event, [page])[0]


def _written(page: EventPage, documents: dict[str, EventDocument]) -> dict[str, Any]:
    columns = {name: getattr(page, name) for name in column_names(EventPage)}
    blocks = [
        {**block, "document": documents.get(block.get("document_id", ""))}
        for block in page.blocks
        if block["type"] != "document" or block["document_id"] in documents
    ]
    return {**columns, "blocks": blocks}
