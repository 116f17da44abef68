"""Doors: digests of programme changes, to be looked at, held and released (delivery.md §4)."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from eventsvc.core import clock
from eventsvc.core.http import Door, actor, needs
from eventsvc.core.pages import ListQuery, Page, page
from eventsvc.reminders import actions, queries
from eventsvc.reminders.models import Digest
from eventsvc.reminders.schemas.digests import DigestFullOut, DigestOut, with_changes

door = Door(
    "digests",
    __name__,
    url_prefix="/api/v1/events/<event_id>/digests",
    description="What changed in a published programme, told in one mail",
)


@door.get("")
@needs("messages:read", gate="event")
@door.query(ListQuery)
@door.lists(DigestOut, sort=tuple(queries.DIGEST_SORTS))
def list_digests(session: Session, query: dict[str, Any], event_id: str) -> Page:
    """List the digests of an event, newest first."""
    found = queries.digests_of(event_id)
    return page(session, found, query, sorts=queries.DIGEST_SORTS, default="-number")


@door.get("/<digest_id>")
@needs("messages:read", gate="event")
@door.reads(DigestFullOut, computed=True)
def read_digest(session: Session, event_id: str, digest_id: str) -> dict[str, Any]:
    """Preview a digest: what it tells as it stands, and how many people it would tell."""
    return _full(session, queries.digest_for(session, event_id, digest_id))


@door.post("/<digest_id>/hold")
@needs("messages:write", gate="event")
@door.writes(200, DigestFullOut, computed=True)
def hold_digest(session: Session, event_id: str, digest_id: str) -> dict[str, Any]:
    """Hold a digest: it goes on gathering and is not sent until it is released."""
    found = queries.digest_for(session, event_id, digest_id)
    actions.hold_digest(session, actor(), found, now=clock.now(session))
    return _full(session, found)


@door.post("/<digest_id>/release")
@needs("messages:write", gate="event")
@door.writes(200, DigestFullOut, computed=True)
def release_digest(session: Session, event_id: str, digest_id: str) -> dict[str, Any]:
    """Send a digest now."""
    found = queries.digest_for(session, event_id, digest_id)
    actions.release_digest(session, actor(), found, now=clock.now(session))
    return _full(session, found)


def _full(session: Session, digest: Digest) -> dict[str, Any]:
    changes = queries.changes_in(session, digest.id)
    titles = queries.titles_of(session, digest.event_id, [change.item_id for change in changes])
    people = digest.told
    if digest.sealed_at is None and changes:
        people = len(queries.told_of(session, digest.event_id, changes))
    return with_changes(digest, changes, titles, people)
