"""Joining stored texts into the bytes of a feed, once per revision (calendar.md rules 36, 37, 41).

The revisions are read before the texts: a change that slips in between makes the feed older than
its bytes, so the next poll joins it again. Two joins at once make the same bytes.
"""

from __future__ import annotations

import gzip
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, undefer

from eventsvc.core.jobs import insert_once
from eventsvc.feeds.actions.rendering import rendered
from eventsvc.feeds.models import Feed
from eventsvc.feeds.policy import EVENT, SERIES, is_part, later_than
from eventsvc.feeds.queries import (
    Subject,
    event_subject,
    part_subject,
    personal_subject,
    series_subject,
)

BEST = 9  # joined once and sent often


def join(session: Session, kind: str, scope_id: str, *, now: datetime) -> Feed:
    """The feed of a series, event or participant (``kind``) as it is now, with its bytes.

    Stored texts are put together only if the stored bytes are older. ``now`` is noted as
    ``joined_at`` and stands nowhere in the bytes.

    Raises:
        NotFound: there is no such series, event or participant.
        ValueError: it cannot be written, or is too large; the stored bytes stay as they are.
    """
    subject = _subject(session, kind, scope_id)
    before = session.execute(
        select(Feed.etag, Feed.changed_at, Feed.scope_revision, Feed.participant_revision).where(
            Feed.kind == kind, Feed.scope_id == scope_id
        )
    ).one_or_none()
    if before is None or (before.scope_revision, before.participant_revision) != subject.revisions:
        _store(session, subject, kind, before, rendered(session, kind, subject), now=now)
    return session.scalars(
        select(Feed)
        .where(Feed.kind == kind, Feed.scope_id == scope_id)
        .options(undefer(Feed.body), undefer(Feed.gzip_body))
        .execution_options(populate_existing=True)
    ).one()


def _subject(session: Session, kind: str, scope_id: str) -> Subject:
    if kind == SERIES:
        return series_subject(session, scope_id)
    if is_part(kind):
        return part_subject(session, kind, scope_id)
    return (event_subject if kind == EVENT else personal_subject)(session, scope_id)


def tag_of(body: bytes) -> str:
    """The strong tag of these very bytes, without its quotes (rule 38)."""
    return sha256(body).hexdigest()


def _store(
    session: Session, subject: Subject, kind: str, before: Any, body: bytes, *, now: datetime
) -> None:
    scope_revision, participant_revision = subject.revisions
    values: dict[str, Any] = {
        "scope_revision": scope_revision,
        "participant_revision": participant_revision,
        "joined_at": now,
    }
    if before is None or before.etag != tag_of(body):
        values |= {
            "etag": tag_of(body),
            "body": body,
            "gzip_etag": None,
            "gzip_body": None,
            "items": body.count(b"\r\nBEGIN:VEVENT\r\n"),
            "changed_at": later_than(subject.changed_at, before and before.changed_at),
        }
    if before is None:
        first = {"kind": kind, "scope_id": subject.scope_id, **values}
        session.execute(insert_once(session, Feed, first, on=["kind", "scope_id"]))
        return
    session.execute(
        update(Feed)
        .where(
            Feed.kind == kind,
            Feed.scope_id == subject.scope_id,
            # somebody who read later may have stored before us
            Feed.scope_revision <= scope_revision,
            Feed.participant_revision <= participant_revision,
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def compress(session: Session, feed: Feed) -> tuple[str, bytes]:
    """The compressed bytes of a joined feed and their own tag; made once (rule 40)."""
    if feed.gzip_etag is not None and feed.gzip_body is not None:
        return feed.gzip_etag, feed.gzip_body
    body = gzip.compress(feed.body, BEST, mtime=0)
    etag = tag_of(body)
    session.execute(
        update(Feed)
        .where(Feed.id == feed.id, Feed.etag == feed.etag, Feed.gzip_etag.is_(None))
        .values(gzip_etag=etag, gzip_body=body)
        .execution_options(synchronize_session=False)
    )
    return etag, body
