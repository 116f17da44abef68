"""What an actor may look at, as a condition in SQL (design law 9)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, true

from eventsvc.core.rights import Actor, Grant


def reach(
    actor: Actor, *, organiser: Any, series: Any | None = None, event: Any | None = None
) -> ColumnElement[bool]:
    """Whether a row lies where something was granted to the actor.

    ``organiser``, ``series``, ``event`` are the columns that say where it lies. A grant for a
    series or an event reaches no row whose place in them is not told (the column is None).
    """
    if actor.everywhere:
        return true()
    reached = [_reached(grant, organiser, series, event) for grant in actor.seen]
    return or_(*reached) if reached else false()


def _reached(grant: Grant, organiser: Any, series: Any, event: Any) -> ColumnElement[bool]:
    if grant.everywhere:
        return true()
    parts: list[ColumnElement[bool]] = [organiser == grant.organiser_id]
    for wanted, column in ((grant.series_id, series), (grant.event_id, event)):
        if wanted is not None:
            parts.append(false() if column is None else column == wanted)
    return and_(*parts)
