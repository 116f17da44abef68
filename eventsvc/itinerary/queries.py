"""Is this person free? Questions about everything participants have promised to attend."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import Session

from eventsvc.itinerary.models import Promise


def lies_in(starts: Any, ends: Any) -> ColumnElement[bool]:
    """Whether a promise overlaps the span; touching ends do not, untimed promises never do."""
    return and_(Promise.starts_at < ends, Promise.ends_at > starts)


def clashes(
    session: Session,
    participant_id: str,
    starts: datetime | None,
    ends: datetime | None,
    *,
    besides: str | None = None,
) -> Sequence[str]:
    """Ids of the items that a participant promised at that time, in order; none without times."""
    if starts is None or ends is None:
        return []
    wanted = select(Promise.item_id).where(
        Promise.participant_id == participant_id, lies_in(starts, ends)
    )
    if besides is not None:
        wanted = wanted.where(Promise.item_id != besides)
    return session.scalars(wanted.order_by(Promise.starts_at, Promise.item_id)).all()


def is_busy(participant_id: Any, item: Any) -> ColumnElement[bool]:
    """SQL: whether the participant of another table's row has promised something else at the
    time of ``item`` (a value with ``id``, ``starts_at``, ``ends_at``, not null)."""
    return exists().where(
        Promise.participant_id == participant_id,
        Promise.item_id != item.id,
        lies_in(item.starts_at, item.ends_at),
    )


def itinerary_of(session: Session, participant_id: str) -> Sequence[Promise]:
    """What a participant has promised, by start; untimed ones last."""
    wanted = select(Promise).where(Promise.participant_id == participant_id)
    ordered = wanted.order_by(Promise.starts_at.is_(None), Promise.starts_at, Promise.item_id)
    return session.scalars(ordered).all()
