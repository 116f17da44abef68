"""Orders and mentions between editions: next, previous, announced in, related."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventsvc.audit.actions import record
from eventsvc.core.errors import Conflict, Invalid
from eventsvc.core.rights import Actor
from eventsvc.events.models import Event, EventRelation
from eventsvc.events.policy import refuse_archived


def relate(
    session: Session,
    actor: Actor,
    event: Event,
    other: Event,
    kind: str,
    *,
    basis: str,
    now: datetime,
    source: str | None = None,
) -> EventRelation:
    """Say that ``other`` is the next, previous, … of ``event``; ``basis``: printed or derived.

    Raises:
        Conflict: ``archived``, ``already-related``.
        Invalid: an edition related to itself, or of another organiser.
    """
    refuse_archived(event.state)
    if other.id == event.id or other.organiser_id != event.organiser_id:
        raise Invalid.field("/other_event_id", "unknown-event", "There is no such other event")
    statement = select(EventRelation.id).where(
        EventRelation.event_id == event.id,
        EventRelation.kind == kind,
        EventRelation.other_event_id == other.id,
    )
    standing = session.scalars(statement).first()
    if standing is not None:
        raise Conflict("already-related", "This is said already.", conflicts_with=[standing])
    row = EventRelation(
        event_id=event.id, other_event_id=other.id, kind=kind, basis=basis, source=source
    )
    session.add(row)
    session.flush()
    record(session, actor, "event.related", event, now=now, changes={"kind": kind, "basis": basis})
    return row


def unrelate(
    session: Session, actor: Actor, event: Event, row: EventRelation, *, now: datetime
) -> None:
    """Take a relation back. Raises Conflict ``archived``."""
    refuse_archived(event.state)
    session.delete(row)
    session.flush()
    record(session, actor, "event.unrelated", event, now=now, changes={"kind": row.kind})
