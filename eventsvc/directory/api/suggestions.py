"""Door: suggestions to merge."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from eventsvc.core import clock
from eventsvc.core.http import Door, actor, expect, needs
from eventsvc.core.pages import Page, page
from eventsvc.directory import actions, queries
from eventsvc.directory.models import MergeSuggestion
from eventsvc.directory.schemas import (
    MergeSuggestionOut,
    MergeSuggestionQuery,
    MergeSuggestionTransitionBody,
)

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
    found = queries.suggestion_of(session, organiser_id, merge_suggestion_id)
    return queries.with_names(session, [found])[0]


@door.post("/<merge_suggestion_id>/transitions")
@needs("directory:write", gate="whole-organiser")
@door.body(MergeSuggestionTransitionBody)
@door.writes(200, MergeSuggestionOut, precondition=False)
def step_merge_suggestion(
    session: Session, body: dict[str, Any], organiser_id: str, merge_suggestion_id: str
) -> dict[str, Any]:
    """Dismiss a suggestion, or take it up again."""
    found = queries.suggestion_of(session, organiser_id, merge_suggestion_id)
    expect(found)
    actions.step_suggestion(session, actor(), found, body["to"], now=clock.now(session))
    return queries.with_names(session, [found])[0]
