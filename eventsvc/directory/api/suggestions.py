"""Door: suggestions to merge."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from eventsvc.core.errors import NotFound
from eventsvc.core.http import Door, needs
from eventsvc.core.pages import Page, page
from eventsvc.directory import queries
from eventsvc.directory.models import MergeSuggestion
from eventsvc.directory.schemas import MergeSuggestionOut, MergeSuggestionQuery

SORTS = {"created_at": MergeSuggestion.created_at}

door = Door(
    "merge-suggestions",
    __name__,
    url_prefix="/api/v1/organisers/<organiser_id>/merge-suggestions",
    description="Entries of the directory that may be one",
)


@door.get("")
@needs("directory:read", gate="organiser")
@door.query(MergeSuggestionQuery)
@door.lists(MergeSuggestionOut, sort=tuple(SORTS))
def list_merge_suggestions(session: Session, query: dict[str, Any], organiser_id: str) -> Page:
    """List entries that look alike; nothing is merged silently."""
    found = queries.suggestions_of(organiser_id, query)
    cut = page(session, found, query, sorts=SORTS, default="-created_at")
    shown = queries.with_names(session, cut.items)
    return Page(shown, cut.next_cursor, cut.total)


@door.get("/<merge_suggestion_id>")
@needs("directory:read", gate="organiser")
@door.reads(MergeSuggestionOut, computed=True)
def read_merge_suggestion(
    session: Session, organiser_id: str, merge_suggestion_id: str
) -> dict[str, Any]:
    """Read a suggestion to merge."""
    wanted = queries.suggestions_of(organiser_id, {}).where(
        MergeSuggestion.id == merge_suggestion_id
    )
    found = session.scalars(wanted).one_or_none()
    if found is None:
        raise NotFound
    return queries.with_names(session, [found])[0]
