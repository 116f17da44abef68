"""Which feeds were joined from something older than what is shown now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from eventsvc.events.models import Event, Series
from eventsvc.events.queries import public_events, series_public
from eventsvc.feeds.models import CalendarToken, Feed
from eventsvc.feeds.policy import EVENT, PERSONAL, SERIES, type_kind
from eventsvc.feeds.queries.parts import PLACES
from eventsvc.ical.models import CalendarScope
from eventsvc.registration.models import Participant

_REVISION = func.coalesce(CalendarScope.revision, 0)


def _outdated() -> ColumnElement[bool]:
    return or_(Feed.id.is_(None), Feed.scope_revision != _REVISION)


def stale_public(session: Session, *, limit: int) -> Sequence[tuple[str, str]]:
    """(kind, id) of public feeds to be joined, those of series last; one query."""
    parts = []
    for kind, shown, model in (
        (EVENT, public_events(), Event),
        (SERIES, series_public(), Series),
    ):
        statement: Any = shown.with_only_columns(literal(kind).label("kind"), model.id)
        parts.append(
            statement.outerjoin(CalendarScope, CalendarScope.scope_id == model.id)
            .outerjoin(Feed, and_(Feed.kind == kind, Feed.scope_id == model.id))
            .where(_outdated())
        )
    rows = session.execute(union_all(*parts).order_by("kind").limit(limit))
    return [(row[0], row[1]) for row in rows]


def stale_parts(session: Session, *, limit: int) -> Sequence[tuple[str, str]]:
    """(kind, id) of feeds of tracks, rooms and types that were polled once and have changed since;
    one query. What nobody polls is not joined."""
    parts: list[Any] = [
        select(Feed.kind.label("kind"), Feed.scope_id.label("id"))
        .join(model, model.id == Feed.scope_id)
        .outerjoin(CalendarScope, CalendarScope.scope_id == model.event_id)
        .where(Feed.kind == kind, _outdated())
        for kind, model in PLACES.items()
    ]
    parts.append(
        select(Feed.kind.label("kind"), Feed.scope_id.label("id"))
        .outerjoin(CalendarScope, CalendarScope.scope_id == Feed.scope_id)
        .where(Feed.kind.like(type_kind("%")), _outdated())
    )
    rows = session.execute(union_all(*parts).order_by("id").limit(limit))
    return [(row.kind, row.id) for row in rows]


def stale_personal(
    session: Session, *, fetched_since: datetime, limit: int
) -> Sequence[tuple[str, str]]:
    """(kind, participant id) of personal feeds fetched since then and to be joined; one query."""
    rows = session.execute(
        select(CalendarToken.participant_id)
        .join(Participant, Participant.id == CalendarToken.participant_id)
        .outerjoin(CalendarScope, CalendarScope.scope_id == CalendarToken.event_id)
        .outerjoin(Feed, and_(Feed.kind == PERSONAL, Feed.scope_id == CalendarToken.participant_id))
        .where(
            CalendarToken.revoked_at.is_(None),
            CalendarToken.last_fetch_at >= fetched_since,
            Participant.erased_at.is_(None),
            or_(_outdated(), Feed.participant_revision != Participant.revision),
        )
        .order_by(CalendarToken.participant_id)
        .limit(limit)
    )
    return [(PERSONAL, row.participant_id) for row in rows]
