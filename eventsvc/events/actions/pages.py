"""Pages of an edition, edited as blocks (editions.md §9, 26)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventsvc.core.errors import FieldError, Invalid
from eventsvc.core.rights import Actor
from eventsvc.events.actions.particulars import add_particular, change_particular
from eventsvc.events.models import Event, EventDocument, EventPage
from eventsvc.events.policy import block_errors, documents_in, usual_visibility


def add_page(
    session: Session, actor: Actor, event: Event, values: dict[str, Any], *, now: datetime
) -> EventPage:
    """Add a page, at the end unless told.

    Raises:
        Conflict: ``archived``.
        Invalid: a block without what it needs, or with a document of another event.
    """
    _check_blocks(session, event, values.get("blocks", []))
    usual = {"blocks": [], "visibility": usual_visibility(values["kind"])}
    return add_particular(
        session, actor, EventPage, event, {**usual, **values, "updated_at": now}, now=now
    )


def change_page(
    session: Session,
    actor: Actor,
    event: Event,
    page: EventPage,
    values: dict[str, Any],
    *,
    now: datetime,
) -> EventPage:
    """Change a page; its blocks are replaced as a whole (RFC 7396).

    Raises:
        Conflict: ``archived``.
        Invalid: as :func:`add_page`.
    """
    _check_blocks(session, event, values.get("blocks", []))
    page.updated_at = now
    return change_particular(session, actor, event, page, values, now=now)


def _check_blocks(session: Session, event: Event, blocks: Sequence[dict[str, Any]]) -> None:
    errors = block_errors(blocks)
    wanted = documents_in(blocks) if not errors else []
    if wanted:
        own = select(EventDocument.id).where(
            EventDocument.event_id == event.id, EventDocument.id.in_(set(wanted))
        )
        known = set(session.scalars(own))
        errors = [
            FieldError(
                f"/blocks/{number}/document_id", "unknown-document", "There is no such document"
            )
            for number, block in enumerate(blocks)
            if block["type"] == "document" and block["document_id"] not in known
        ]
    if errors:
        raise Invalid(errors)
