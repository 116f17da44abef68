"""Doors: two entries become one, and two again."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from eventsvc.core import clock
from eventsvc.core.http import Door, actor, needs
from eventsvc.core.pages import Page, page
from eventsvc.directory import actions, queries
from eventsvc.directory.models import Merge
from eventsvc.directory.queries import Entry
from eventsvc.directory.schemas import MergeBody, MergeOut, MergeQuery

SORTS = {"at": Merge.at}
MERGED = "/api/v1/organisers/{organiser_id}/merges/{id}"

door = Door(
    "merges",
    __name__,
    url_prefix="/api/v1/organisers/<organiser_id>",
    description="Entries of the directory that became one",
)


def _merged(session: Session, entry: Entry, into: str) -> dict[str, Any]:
    made = actions.merge(session, actor(), entry, into, now=clock.now(session))
    return queries.merges_shown(session, [made])[0]


@door.post("/persons/<person_id>/merge")
@needs("directory:write", gate="whole-organiser")
@door.body(MergeBody)
@door.writes(201, MergeOut, location=MERGED)
def merge_person(
    session: Session, body: dict[str, Any], organiser_id: str, person_id: str
) -> dict[str, Any]:
    """Make a person an alias of another; it can be undone for 30 days."""
    return _merged(session, queries.person_of(session, organiser_id, person_id), body["into"])


@door.post("/organisations/<organisation_id>/merge")
@needs("directory:write", gate="whole-organiser")
@door.body(MergeBody)
@door.writes(201, MergeOut, location=MERGED)
def merge_organisation(
    session: Session, body: dict[str, Any], organiser_id: str, organisation_id: str
) -> dict[str, Any]:
    """Make an organisation an alias of another; it can be undone for 30 days."""
    found = queries.organisation_of(session, organiser_id, organisation_id)
    return _merged(session, found, body["into"])


@door.get("/merges")
@needs("directory:read", gate="organiser")
@door.query(MergeQuery)
@door.lists(MergeOut, sort=tuple(SORTS))
def list_merges(session: Session, query: dict[str, Any], organiser_id: str) -> Page:
    """List merges, the newest first."""
    found = queries.merges_of(organiser_id)
    if query.get("subject_type"):
        found = found.where(Merge.subject_type == query["subject_type"])
    cut = page(session, found, query, sorts=SORTS, default="-at")
    return Page(queries.merges_shown(session, cut.items), cut.next_cursor, cut.total)


@door.get("/merges/<merge_id>")
@needs("directory:read", gate="organiser")
@door.reads(MergeOut)
def read_merge(session: Session, organiser_id: str, merge_id: str) -> dict[str, Any]:
    """Read a merge."""
    return queries.merges_shown(session, [queries.merge_of(session, organiser_id, merge_id)])[0]


@door.post("/merges/<merge_id>/undo")
@needs("directory:write", gate="whole-organiser")
@door.writes(200, MergeOut)
def undo_merge(session: Session, organiser_id: str, merge_id: str) -> dict[str, Any]:
    """Make two entries of one again."""
    found = queries.merge_of(session, organiser_id, merge_id)
    actions.undo(session, actor(), found, now=clock.now(session))
    return queries.merges_shown(session, [found])[0]
