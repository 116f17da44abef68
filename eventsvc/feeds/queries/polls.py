"""The one indexed look-up of a poll: what is stored, what it should be, whose address it is.

Columns only: a body is read when it is sent, and a 304 never reads one (calendar.md rule 41).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import Select

from eventsvc.core.errors import NotFound
from eventsvc.core.ids import digest, is_id
from eventsvc.events.models import Event, Series
from eventsvc.events.queries import public_events, series_public
from eventsvc.feeds.models import CalendarToken, Feed
from eventsvc.feeds.policy import EVENT, PERSONAL, SERIES
from eventsvc.feeds.policy.links import WITHOUT_SERIES
from eventsvc.feeds.queries.contents import COLUMNS, timed
from eventsvc.ical.models import CalendarEntry, CalendarScope
from eventsvc.ical.policy import StoredBlock
from eventsvc.registration.models import Participant

_REVISION = func.coalesce(CalendarScope.revision, 0).label("current_revision")
_KEPT = (
    Feed.etag,
    Feed.gzip_etag,
    Feed.changed_at,
    Feed.scope_revision,
    Feed.participant_revision,
)


@dataclass(frozen=True)
class Kept:
    """What is known of stored bytes without reading them."""

    etag: str
    gzip_etag: str | None
    changed_at: datetime
    revisions: tuple[int, int]


@dataclass(frozen=True)
class Poll:
    """What a poll asks for. ``revisions``: what is shown now, of the scope and the participant."""

    kind: str
    scope_id: str
    revisions: tuple[int, int]
    kept: Kept | None
    token_id: str | None = None
    revoked: bool = False
    last_fetch_at: datetime | None = None

    @property
    def fresh(self) -> Kept | None:
        """The stored bytes, if they were joined from the present revisions."""
        return self.kept if self.kept and self.kept.revisions == self.revisions else None


@dataclass(frozen=True)
class Sent:
    """Bytes to be sent, with their own tag."""

    etag: str
    changed_at: datetime
    body: bytes
    gzip: bool


def _kept(row: Any) -> Kept | None:
    if row.etag is None:
        return None
    revisions = (row.scope_revision, row.participant_revision)
    return Kept(row.etag, row.gzip_etag, row.changed_at, revisions)


def _feed_of(kind: str, scope_id: Any) -> ColumnElement[bool]:
    return and_(Feed.kind == kind, Feed.scope_id == scope_id)


def look_up(kind: Any, statement: Select[Any], scope_id: Any, shown_by: Any) -> Select[Any]:
    """What a poll asks: the feed of ``scope_id``, and the revision of what ``shown_by`` shows."""
    columns: Any = statement.with_only_columns(scope_id.label("id"), _REVISION, *_KEPT)
    beside = columns.outerjoin(CalendarScope, CalendarScope.scope_id == shown_by)
    found: Select[Any] = beside.outerjoin(Feed, _feed_of(kind, scope_id))
    return found


# Built once: a poll is asked so often that building its statement cost more than its answer.
@cache
def _series_look_up() -> Select[Any]:
    shown = series_public().where(Series.slug == bindparam("slug"))
    return look_up(SERIES, shown, Series.id, Series.id)


@cache
def _event_look_up(*, alone: bool) -> Select[Any]:
    return look_up(EVENT, known_edition(alone=alone), Event.id, Event.id)


def public_poll(session: Session, kind: str, asked: Select[Any], names: dict[str, str]) -> Poll:
    """The poll that ``asked`` (of :func:`look_up`) finds with these names.

    Raises:
        NotFound: the public knows nothing of these names.
    """
    row = session.execute(asked, names).one_or_none()
    if row is None:
        raise NotFound
    return Poll(kind, row.id, (row.current_revision, 0), _kept(row))


def series_poll(session: Session, slug: str) -> Poll:
    """The feed of the series that the public knows under ``slug``.

    Raises:
        NotFound: there is none, or none of its editions was announced.
    """
    return public_poll(session, SERIES, _series_look_up(), {"slug": slug})


def known_edition(*, alone: bool) -> Select[Event]:
    """The public edition of the bound ``event_slug`` and, unless ``alone``, ``series_slug``."""
    series_slug: Any = None if alone else bindparam("series_slug")
    return _known_as(series_slug, bindparam("event_slug"))


def edition_names(series_slug: str, event_slug: str) -> tuple[bool, dict[str, str]]:
    """Whether the edition belongs to no series (``-``), and the names it is looked up by."""
    alone = series_slug == WITHOUT_SERIES
    return alone, {"event_slug": event_slug} | ({} if alone else {"series_slug": series_slug})


def _known_as(series_slug: Any, event_slug: Any) -> Select[Event]:
    """The public edition of these slugs, or bound parameters; None: one without a series."""
    statement = public_events().where(Event.slug == event_slug)
    if series_slug is None:
        return statement.where(Event.series_id.is_(None))
    return statement.where(Event.series_id.in_(select(Series.id).where(Series.slug == series_slug)))


def event_poll(session: Session, series_slug: str, event_slug: str) -> Poll:
    """The feed of the edition that the public knows under these slugs; ``-``: without series.

    Raises:
        NotFound: there is none, or it was not announced.
    """
    alone, names = edition_names(series_slug, event_slug)
    return public_poll(session, EVENT, _event_look_up(alone=alone), names)


def public_item(
    session: Session, series_slug: str, event_slug: str, item_id: str
) -> tuple[StoredBlock, datetime]:
    """One agenda item as the public feed of its edition has it, and when it last changed.

    Raises:
        NotFound: the edition is not public, or has no such item in its calendar.
    """
    if not is_id(item_id):
        raise NotFound
    known = None if series_slug == WITHOUT_SERIES else series_slug
    statement = _known_as(known, event_slug).join(CalendarEntry, CalendarEntry.scope_id == Event.id)
    shown = statement.where(
        CalendarEntry.owner_kind == "item",
        CalendarEntry.owner_id == item_id,
        CalendarEntry.removed_at.is_(None),
    )
    row = session.execute(shown.with_only_columns(*COLUMNS)).one_or_none()
    if row is None:
        raise NotFound
    return timed(row).block, row.changed_at


def personal_poll(session: Session, token: str) -> Poll:
    """The personal feed at a secret address, also one that has ended.

    Raises:
        NotFound: there never was such an address.
    """
    row = session.execute(
        select(
            CalendarToken.id,
            CalendarToken.participant_id,
            CalendarToken.revoked_at,
            CalendarToken.last_fetch_at,
            Participant.revision,
            Participant.erased_at,
            _REVISION,
            *_KEPT,
        )
        .join(Participant, Participant.id == CalendarToken.participant_id)
        .outerjoin(CalendarScope, CalendarScope.scope_id == CalendarToken.event_id)
        .outerjoin(Feed, _feed_of(PERSONAL, CalendarToken.participant_id))
        .where(CalendarToken.digest == digest(token))
    ).one_or_none()
    if row is None:
        raise NotFound
    return Poll(
        PERSONAL,
        row.participant_id,
        (row.current_revision, row.revision),
        _kept(row),
        token_id=row.id,
        revoked=row.revoked_at is not None or row.erased_at is not None,
        last_fetch_at=row.last_fetch_at,
    )


def kept_bytes(session: Session, kind: str, scope_id: str, *, gzip: bool) -> Sent | None:
    """The stored bytes and the tag that belongs to them; None where they were not made yet."""
    etag, body = (Feed.gzip_etag, Feed.gzip_body) if gzip else (Feed.etag, Feed.body)
    row = session.execute(
        select(etag.label("etag"), body.label("body"), Feed.changed_at).where(
            _feed_of(kind, scope_id)
        )
    ).one_or_none()
    if row is None or row.etag is None or row.body is None:
        return None
    return Sent(row.etag, row.changed_at, row.body, gzip)
