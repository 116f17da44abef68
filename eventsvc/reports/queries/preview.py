"""Figures counted now, of which nothing is stored (api.md §6, reports.md §2.7)."""

from __future__ import annotations

from datetime import datetime
from importlib.metadata import version
from typing import Any

from sqlalchemy.orm import Session

from eventsvc.agenda.policy import VISIT
from eventsvc.core.text import utc_instant
from eventsvc.events.models import Event
from eventsvc.reports.queries.counts import counted
from eventsvc.reports.queries.editions import next_edition, series_so_far
from eventsvc.reports.queries.surroundings import facts, named_at, programme_of, stated
from eventsvc.reports.summary import summarise

SOFTWARE = version("eventsvc")


def figures_now(
    session: Session,
    event: Event,
    *,
    revision: int | None = None,
    previous: dict[str, Any] | None = None,
    now: datetime,
) -> dict[str, Any]:
    """The snapshot of an event as it stands, in a fixed number of queries (at most 25).

    ``revision`` None: a preview. ``previous``: the snapshot of the revision before.
    """
    items = programme_of(session, event)
    named = named_at(session, event)
    made = {
        "revision": revision,
        "counted_at": utc_instant(now),
        "software_version": SOFTWARE,
    }
    told = facts(session, event, items, named)
    told |= {
        "made": made,
        "series": series_so_far(session, event),
        "next": next_edition(session, event),
        "previous": previous,
    }
    counts = counted(session, event, items, named)
    return summarise(stated(session, [event.id])[event.id], counts, told)


def registration_figures(session: Session, event: Event, *, now: datetime) -> dict[str, Any]:
    """Registrations by state and mode, and where and what the guests are."""
    return _parts(session, event, ("registrations", "participation"), "registrations.", now=now)


def session_figures(session: Session, event: Event, *, now: datetime) -> dict[str, Any]:
    """Seats of each session and visit: capacity, booked, waited, promoted, attended, fill."""
    return _parts(session, event, ("seats",), ("items.", "seats."), now=now)


def visit_figures(session: Session, event: Event, *, now: datetime) -> dict[str, Any]:
    """Seats of each site visit; the figures of all items together are left out."""
    found = _parts(session, event, ("seats",), (), now=now)
    return {**found, "seats": [one for one in found.get("seats", ()) if one["kind"] == VISIT]}


def attendance_figures(session: Session, event: Event, *, now: datetime) -> dict[str, Any]:
    """Who came, stated beside counted; what nobody took down is null, not 0."""
    return _parts(session, event, ("glance",), "participants.", now=now)


def _parts(
    session: Session,
    event: Event,
    names: tuple[str, ...],
    figures: str | tuple[str, ...],
    *,
    now: datetime,
) -> dict[str, Any]:
    snapshot = figures_now(session, event, now=now)
    kept = {name: snapshot[name] for name in names if name in snapshot}
    wanted = [one for one in snapshot["figures"] if one["id"].startswith(figures)]
    return {"counted_at": snapshot["counted_at"], "figures": wanted, **kept}
