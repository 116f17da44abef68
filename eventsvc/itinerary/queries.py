"""Is this person free? Questions about everything participants have promised to attend."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from eventsvc.agenda.models import AgendaItem
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
    far: Collection[str] = (),
) -> Sequence[Promise]:
    """What a participant promised at that time, or too far away from it (``far``: item ids, as
    ``visits.queries.out_of_reach`` finds them), in order; none without times."""
    if starts is None or ends is None:
        return []
    wanted = select(Promise).where(
        Promise.participant_id == participant_id, _in_the_way(starts, ends, far)
    )
    if besides is not None:
        wanted = wanted.where(Promise.item_id != besides)
    return session.scalars(wanted.order_by(Promise.starts_at, Promise.item_id)).all()


def _in_the_way(starts: Any, ends: Any, far: Collection[str]) -> ColumnElement[bool]:
    overlap = lies_in(starts, ends)
    return or_(overlap, Promise.item_id.in_(sorted(far))) if far else overlap


def is_busy(participant_id: Any, item: Any, far: Collection[str] = ()) -> ColumnElement[bool]:
    """SQL: whether the participant of another table's row has promised something else at the
    time of ``item`` (a value with ``id``, ``starts_at``, ``ends_at``, not null), or one of the
    items ``far`` from it."""
    return exists().where(
        Promise.participant_id == participant_id,
        Promise.item_id != item.id,
        _in_the_way(item.starts_at, item.ends_at, far),
    )


def itinerary_of(session: Session, participant_id: str) -> Sequence[Promise]:
    """What a participant has promised, by start; untimed ones last."""
    wanted = select(Promise).where(Promise.participant_id == participant_id)
    ordered = wanted.order_by(Promise.starts_at.is_(None), Promise.starts_at, Promise.item_id)
    return session.scalars(ordered).all()


def titles(session: Session, item_ids: Sequence[str]) -> dict[str, str]:
    """Item id → title, of those that stand in the agenda."""
    wanted = select(AgendaItem.id, AgendaItem.title).where(AgendaItem.id.in_(item_ids))
    return {row.id: row.title for row in session.execute(wanted)}
