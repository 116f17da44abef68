"""Doors: documents and pages that a guest sees by private link."""

from __future__ import annotations

from typing import Any

from flask import Response
from sqlalchemy.orm import Session

from eventsvc.core.http import LINK, Door, actor, attachment, needs
from eventsvc.core.pages import ListQuery, Page, page
from eventsvc.events import actions as events_actions
from eventsvc.events import queries as events
from eventsvc.events.models import Event, EventDocument, EventPage
from eventsvc.events.policy import seen_by_guest
from eventsvc.events.schemas import PublicDocumentOut, PublicPageOut
from eventsvc.registration import queries

door = Door(
    "my-documents",
    __name__,
    url_prefix="/api/v1/my",
    description="Documents and pages for registered guests",
)


def _seen(session: Session) -> tuple[Event, tuple[str, ...]]:
    """The guest's event, and the visibilities that the state of the registration opens."""
    own = queries.registration_linked(session, actor())
    return events.event_for(session, actor(), own.event_id), seen_by_guest(own.state)


@door.get("/documents")
@needs(LINK)
@door.query(ListQuery)
@door.lists(PublicDocumentOut, sort=("position",))
def list_own_documents(session: Session, query: dict[str, Any]) -> Page:
    """List the documents that the guest may open."""
    found = events.documents_seen(*_seen(session))
    sorts = {"position": EventDocument.position}
    return page(session, found, query, sorts=sorts, default="position")


@door.get("/documents/<document_id>/content")
@needs(LINK)
@door.sends("*/*")
def send_own_document(session: Session, document_id: str) -> Response:
    """Download a document that the guest may open."""
    event, visibilities = _seen(session)
    document = events.document_seen(session, event, document_id, visibilities)
    taken = events_actions.download_of(document.id)
    return attachment(session, document.file_id, name=document.title, taken=taken)


@door.get("/pages")
@needs(LINK)
@door.query(ListQuery)
@door.lists(PublicPageOut, sort=("position",))
def list_own_pages(session: Session, query: dict[str, Any]) -> Page:
    """List the pages that the guest may read: arrival, hotels, rules."""
    event, visibilities = _seen(session)
    sorts = {"position": EventPage.position}
    found = page(
        session, events.pages_seen(event, visibilities), query, sorts=sorts, default="position"
    )
    return events.with_blocks(session, event, found, visibilities)
