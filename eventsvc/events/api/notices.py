"""Doors: data-protection notices, for organisers and for everybody."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from eventsvc.core import clock
from eventsvc.core.http import Door, actor, expect, needs
from eventsvc.core.pages import ListQuery, Page, page
from eventsvc.events import actions, queries
from eventsvc.events.models import Notice, NoticeVersion
from eventsvc.events.schemas import NoticeBody, NoticeOut, NoticePatch, NoticeVersionOut, OneQuery

CACHE = "public, max-age=60"

door = Door(
    "notices",
    __name__,
    url_prefix="/api/v1/events/<event_id>/notices",
    description="Data-protection notices, version by version",
)
public_door = Door(
    "public-notices",
    __name__,
    url_prefix="/api/v1/public/events/<series_slug>/<event_slug>/notices",
    description="Data-protection notices, for everybody",
)


@door.get("")
@needs("events:read", gate="event")
@door.query(ListQuery)
@door.lists(NoticeOut, sort=("language",))
def list_notices(session: Session, query: dict[str, Any], event_id: str) -> Page:
    """List the notices of an event, one for each language."""
    event = queries.event_for(session, actor(), event_id)
    own, sorts = queries.particulars_of(Notice, event), {"language": Notice.language}
    found = page(session, own, query, sorts=sorts, default="language")
    return replace(found, items=[queries.notice_written(row) for row in found.items])


@door.post("")
@needs("events:write", gate="event")
@door.body(NoticeBody)
@door.writes(201, NoticeOut)
def add_notice(session: Session, body: dict[str, Any], event_id: str) -> dict[str, Any]:
    """Write the notice of an event in a language."""
    event = queries.event_for(session, actor(), event_id)
    added = actions.add_notice(session, actor(), event, body, now=clock.now(session))
    return queries.notice_written(added)


@door.get("/<notice_id>")
@needs("events:read", gate="event")
@door.reads(NoticeOut)
def read_notice(session: Session, event_id: str, notice_id: str) -> dict[str, Any]:
    """Read a notice as it is now."""
    event = queries.event_for(session, actor(), event_id)
    return queries.notice_written(queries.particular(session, Notice, event, notice_id))


@door.patch("/<notice_id>")
@needs("events:write", gate="event")
@door.body(NoticePatch)
@door.writes(200, NoticeOut, precondition=True)
def change_notice(
    session: Session, body: dict[str, Any], event_id: str, notice_id: str
) -> dict[str, Any]:
    """Change a notice: a new version; the old ones stay."""
    event = queries.event_for(session, actor(), event_id)
    notice = queries.particular(session, Notice, event, notice_id)
    expect(notice)
    actions.change_notice(session, actor(), event, notice, body, now=clock.now(session))
    return queries.notice_written(notice)


@door.delete("/<notice_id>")
@needs("events:write", gate="event")
@door.writes(204, precondition=True)
def remove_notice(session: Session, event_id: str, notice_id: str) -> None:
    """Delete a notice that no registration was shown."""
    event = queries.event_for(session, actor(), event_id)
    notice = queries.particular(session, Notice, event, notice_id)
    expect(notice)
    actions.remove_notice(session, actor(), event, notice, now=clock.now(session))


@door.get("/<notice_id>/versions")
@needs("events:read", gate="event")
@door.query(ListQuery)
@door.lists(NoticeVersionOut, sort=("number",))
def list_notice_versions(
    session: Session, query: dict[str, Any], event_id: str, notice_id: str
) -> Page:
    """List every version of a notice, the newest first."""
    event = queries.event_for(session, actor(), event_id)
    notice = queries.particular(session, Notice, event, notice_id)
    sorts = {"number": NoticeVersion.number}
    versions = queries.notice_versions(notice)
    found = page(session, versions, query, sorts=sorts, default="-number")
    return replace(found, items=[queries.version_written(row) for row in found.items])


@public_door.get("")
@needs(None)
@public_door.query(ListQuery)
@public_door.lists(NoticeVersionOut, sort=("language",), cache=CACHE)
def list_public_notices(
    session: Session, query: dict[str, Any], series_slug: str, event_slug: str
) -> Page:
    """List the notices of an edition as they are now, one for each language."""
    event = queries.public_event(session, series_slug, event_slug)
    own, sorts = queries.particulars_of(Notice, event), {"language": Notice.language}
    found = page(session, own, query, sorts=sorts, default="language")
    return replace(found, items=[queries.notice_written(row) for row in found.items])


@public_door.get("/<language>/versions/<number>")
@needs(None)
@public_door.query(OneQuery)
@public_door.reads(NoticeVersionOut, computed=True, cache=CACHE)
def read_public_notice_version(
    session: Session,
    _query: dict[str, Any],
    series_slug: str,
    event_slug: str,
    language: str,
    number: str,
) -> dict[str, Any]:
    """Read a notice as it was under a number, which registrations keep."""
    event = queries.public_event(session, series_slug, event_slug)
    return queries.version_written(queries.notice_version(session, event, language, number))
