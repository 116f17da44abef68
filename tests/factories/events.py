"""Synthetic series and editions, made through the actions."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from eventsvc.core.rights import system
from eventsvc.events import actions
from eventsvc.events.models import Event, Series, Venue

NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
STARTS, ENDS = datetime(2027, 5, 5, 7, 0, tzinfo=UTC), datetime(2027, 5, 6, 15, 0, tzinfo=UTC)
ACTOR = system("test")
_number = count(1)


def make_series(
    session: Session, organiser_id: str, *, now: datetime = NOW, **values: Any
) -> Series:
    """A synthetic series."""
    number = next(_number)
    told = {"name": f"Example Series {number}", "slug": f"example-series-{number}", **values}
    return actions.add_series(session, ACTOR, organiser_id, told, now=now)


def make_event(
    session: Session,
    organiser_id: str,
    *,
    state: str = "idea",
    now: datetime = NOW,
    **values: Any,
) -> Event:
    """A synthetic edition on 5 and 6 May 2027 in Vienna (09:00 to 17:00), taken to ``state``."""
    number = next(_number)
    told: dict[str, Any] = {
        "title": f"Example Event {number}",
        "slug": f"example-event-{number}",
        "city": "Vienna",
        "country": "AT",
        "timezone": "Europe/Vienna",
    }
    if not {"date_precision", "starts_at", "starts_on", "month", "year"} & values.keys():
        told |= {"starts_at": STARTS, "ends_at": ENDS}
    event = actions.add_event(session, ACTOR, organiser_id, told | values, now=now)
    steps = {
        "running": ("published", "running"),
        "completed": ("published", "running", "completed"),
    }
    steps |= {"postponed": ("published", "postponed"), "archived": ("cancelled", "archived")}
    for to in () if state == "idea" else steps.get(state, (state,)):
        reason = "a synthetic reason" if to in ("cancelled", "postponed") else None
        actions.transition(session, ACTOR, event, to, reason=reason, now=now)
    return event


def make_venue(session: Session, event: Event, *, now: datetime = NOW, **values: Any) -> Venue:
    """A synthetic venue."""
    told = {"name": "Example Hall", "city": "Vienna", "country": "AT", **values}
    return actions.add_venue(session, ACTOR, event, told, now=now)
