"""Doors: the files of documents. What is said about a document has the doors of particulars."""

from __future__ import annotations

from flask import Response, request
from sqlalchemy.orm import Session

from eventsvc.core import clock
from eventsvc.core.http import Door, actor, attachment, expect, needs
from eventsvc.core.media import DOCUMENTS
from eventsvc.events import actions, queries
from eventsvc.events.models import EventDocument
from eventsvc.events.schemas import DocumentOut

OCTETS = "application/octet-stream"

door = Door(
    "document-files",
    __name__,
    url_prefix="/api/v1/events/<event_id>/documents/<document_id>/content",
    description="Files of documents",
)


@door.get("")
@needs("documents:read", gate="event")
@door.sends("*/*")
def send_document(session: Session, event_id: str, document_id: str) -> Response:
    """Download a document."""
    event = queries.event_for(session, actor(), event_id)
    document = queries.particular(session, EventDocument, event, document_id)
    return attachment(session, document.file_id, name=document.title)


@door.put("")
@needs("documents:write", gate="event")
@door.upload(OCTETS, *sorted(DOCUMENTS), largest=actions.LARGEST)
@door.writes(200, DocumentOut, precondition=True)
def put_document(
    session: Session, content: bytes, event_id: str, document_id: str
) -> EventDocument:
    """Give a document its file: PDF, Office, ODF, PNG, JPEG, TXT or CSV, told by its content."""
    event = queries.event_for(session, actor(), event_id)
    document = queries.particular(session, EventDocument, event, document_id)
    expect(document)
    said, now = request.mimetype, clock.now(session)
    return actions.put_content(session, actor(), event, document, content, said=said, now=now)
