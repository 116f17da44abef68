"""Promising to be somewhere, and not any more. Call these under the event lock (api.md §9.6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session, aliased

from eventsvc.core.errors import Conflict
from eventsvc.core.text import zoned_instant
from eventsvc.events.models import Event
from eventsvc.events.policy import zone_of
from eventsvc.itinerary import queries
from eventsvc.itinerary.models import Promise
from eventsvc.visits.queries import out_of_reach


def promise(
    session: Session, event: Event, participant_id: str, kind: str, item: Any, *, now: datetime
) -> Promise:
    """Note that a participant will be at ``item`` (``id``, ``starts_at``, ``ends_at``).

    ``kind``: session, visit or meeting. Untimed items clash with none.

    Raises:
        Conflict: ``time-conflict`` with what lies at that time, or too far away to get from one
            to the other, unless the event allows overlaps.
    """
    if not event.allow_overlaps:
        _refuse_clash(session, event, participant_id, item)
    made = Promise(
        event_id=event.id,
        participant_id=participant_id,
        kind=kind,
        item_id=item.id,
        starts_at=item.starts_at,
        ends_at=item.ends_at,
        created_at=now,
    )
    session.add(made)
    session.flush()
    return made


def _refuse_clash(session: Session, event: Event, participant_id: str, item: Any) -> None:
    times = item.starts_at, item.ends_at
    far = out_of_reach(session, event, item.id, *times)
    found = queries.clashes(session, participant_id, *times, besides=item.id, far=far)
    if not found:
        return
    titles = queries.titles(session, [made.item_id for made in found])
    clashes = [_told(event, made, titles, far) for made in found]
    way = "Something else is promised at that time, or too far away: give it up first."
    detail = way if far else "Something else is promised at that time: give it up first."
    ids = [made.item_id for made in found]
    raise Conflict("time-conflict", detail, conflicts_with=ids, clashes=clashes)


def _told(
    event: Event, made: Promise, titles: Mapping[str, str], far: Mapping[str, int]
) -> dict[str, Any]:
    """With what a promise clashes; ``minutes_missing`` null: it lies at the same time."""
    return {
        "item_id": made.item_id,
        "kind": made.kind,
        "title": titles.get(made.item_id),
        "starts_at": made.starts_at and zoned_instant(made.starts_at, zone_of(event)),
        "ends_at": made.ends_at and zoned_instant(made.ends_at, zone_of(event)),
        "minutes_missing": far.get(made.item_id),
    }


def forget(
    session: Session, *, participant_id: str | None = None, item_id: str | None = None
) -> None:
    """Take back the promises of a participant, for an item, or of one for the other."""
    if participant_id is None and item_id is None:
        raise ValueError("say whose promises, or for what")
    statement = delete(Promise)
    if participant_id is not None:
        statement = statement.where(Promise.participant_id == participant_id)
    if item_id is not None:
        statement = statement.where(Promise.item_id == item_id)
    session.execute(statement)


def move(
    session: Session, item_id: str, starts: datetime | None, ends: datetime | None
) -> Sequence[str]:
    """Move the promises for an item with it. Nobody loses a promise by a move: who has something
    else at the new time keeps both, marked ``overlaps``. Returns the ids of those participants.
    """
    promises = session.scalars(select(Promise).where(Promise.item_id == item_id)).all()
    for made in promises:
        made.starts_at, made.ends_at, made.overlaps = starts, ends, False
    session.flush()
    if starts is None or ends is None:
        return []
    other = aliased(Promise)
    overlapped = exists().where(
        other.participant_id == Promise.participant_id,
        other.id != Promise.id,
        other.starts_at < ends,
        other.ends_at > starts,
    )
    hit = session.scalars(select(Promise).where(Promise.item_id == item_id, overlapped)).all()
    for made in hit:
        made.overlaps = True
    session.flush()
    return sorted(made.participant_id for made in hit)
