"""Questions about publications: one by its number, and what changed between two."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import Select

from eventsvc.agenda.models import AgendaItem, Publication
from eventsvc.agenda.policy import CANCELLED, GONE_ROLES, differences
from eventsvc.agenda.queries.items import programme
from eventsvc.core.errors import NotFound
from eventsvc.core.text import zoned_instant
from eventsvc.events.models import Event

_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
FROZEN = (
    "id", "kind", "type", "title", "abstract", "day", "position", "slot_text", "state",
    "parallel_group", "stands_for", "mode", "points",
)  # fmt: skip


def publications_found(event: Event) -> Select[Publication]:
    """The publications of an event, without order."""
    return select(Publication).where(Publication.event_id == event.id)


def last_number(session: Session, event: Event) -> int:
    """The number of the last publication of an event; 0 before the first."""
    last = select(func.max(Publication.number)).where(Publication.event_id == event.id)
    return session.scalar(last) or 0


def publication_for(session: Session, event: Event, number: str | int) -> Publication:
    """The publication of this event with this number.

    Raises:
        NotFound: there is none, or it is no number.
    """
    if not _NUMBER.fullmatch(str(number)):
        raise NotFound
    statement = publications_found(event).where(Publication.number == int(number))
    found = session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found


def frozen(item: AgendaItem) -> dict[str, Any]:
    """An item as it stands in a snapshot: plain JSON that no later change reaches. Who
    declined or was replaced is no speaker of it."""
    times = {
        name: None if moment is None else zoned_instant(moment, item.timezone)
        for name, moment in (("starts_at", item.starts_at), ("ends_at", item.ends_at))
    }
    return {
        **{name: getattr(item, name) for name in FROZEN},
        **times,
        "room": item.room.name if item.room else None,
        "track": item.track.name if item.track else None,
        "speakers": [
            {"role": role.role, "name": role.name_printed, "affiliation": role.affiliation}
            for role in item.speakers
            if role.state not in GONE_ROLES
        ],
    }


def draft(session: Session, event: Event) -> list[dict[str, Any]]:
    """What a publication would freeze now: all items but those cancelled while hidden."""
    items = programme(session, event)
    return [frozen(item) for item in items if item.visible or item.state != CANCELLED]


def publication_diff(
    session: Session, event: Event, from_number: int | None, to_number: int | None
) -> dict[str, Any]:
    """What changed between two publications, or since one of them in the present draft.

    Without ``from_number`` it is the last publication (before the first: an empty programme);
    without ``to_number`` the present draft.

    Raises:
        NotFound: there is no such publication.
    """
    first = from_number or last_number(session, event)
    old = publication_for(session, event, first) if first else None
    new = publication_for(session, event, to_number) if to_number else None
    before = old.snapshot["items"] if old else []
    after = new.snapshot["items"] if new else draft(session, event)
    found = differences(before, after)
    counts: dict[str, int] = {}
    for change in (change for one in found for change in one.changes):
        counts[change] = counts.get(change, 0) + 1
    return {
        "from_number": old.number if old else None,
        "to_number": new.number if new else None,
        "counts": counts,
        "items": found,
    }
