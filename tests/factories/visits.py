"""Synthetic site visits with buses and stops, made through the actions."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from eventsvc.events.models import Event
from eventsvc.visits import actions
from eventsvc.visits.models import Bus, Stop, Visit
from tests.factories.events import ACTOR, NOW, STARTS

_number = count(1)
VISIT_STARTS = STARTS + timedelta(hours=5)


def make_visit(session: Session, event: Event, *, now: datetime = NOW, **values: Any) -> Visit:
    """A synthetic visit of three hours on the first afternoon, with 40 places."""
    told = {
        "title": f"Example Works {next(_number)}",
        "starts_at": VISIT_STARTS,
        "ends_at": VISIT_STARTS + timedelta(hours=3),
        "capacity": 40,
        "place": "Linz",
        "place_country": "AT",
        "meeting_point": "Gate 1",
    }
    return actions.add_visit(session, ACTOR, event, told | values, now=now)


def make_bus(
    session: Session, event: Event, visit: Visit, *, now: datetime = NOW, **values: Any
) -> Bus:
    """A synthetic bus of 20 seats."""
    told = {"name": f"Bus {next(_number)}", "seats": 20, **values}
    return actions.add_bus(session, ACTOR, event, visit, told, now=now)


def make_stop(
    session: Session, event: Event, bus: Bus, *, now: datetime = NOW, **values: Any
) -> Stop:
    """A synthetic stop half an hour before the default start of a visit."""
    told = {"place": "Main Station", "leaves_at": VISIT_STARTS - timedelta(minutes=30), **values}
    return actions.add_stop(session, ACTOR, event, bus, told, now=now)
