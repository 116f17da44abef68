"""Synthetic rooms, sessions and speakers, made through the actions."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from eventsvc.agenda import actions
from eventsvc.agenda.models import AgendaItem, Room, SpeakerRole, Track
from eventsvc.events.models import Event
from tests.factories.events import ACTOR, NOW, STARTS

HOUR = timedelta(hours=1)
_number = count(1)


def make_room(session: Session, event: Event, *, now: datetime = NOW, **values: Any) -> Room:
    """A synthetic room."""
    return actions.add_room(
        session, ACTOR, event, {"name": f"Room {next(_number)}", **values}, now=now
    )


def make_track(session: Session, event: Event, *, now: datetime = NOW, **values: Any) -> Track:
    """A synthetic track."""
    told = {"name": f"Track {next(_number)}", **values}
    return actions.add_track(session, ACTOR, event, told, now=now)


def make_session(
    session: Session, event: Event, *, now: datetime = NOW, hour: float = 1, **values: Any
) -> AgendaItem:
    """A synthetic workshop of one hour, ``hour`` hours after the default start of an event."""
    starts = STARTS + hour * HOUR
    told = {"title": f"Example Workshop {next(_number)}", "type": "workshop"}
    times = {"starts_at": starts, "ends_at": starts + HOUR}
    return actions.add_session(session, ACTOR, event, {**told, **times, **values}, now=now)


def make_speaker(
    session: Session, event: Event, item: AgendaItem | None, *, now: datetime = NOW, **values: Any
) -> SpeakerRole:
    """A synthetic speaker, by name."""
    told = {"name": f"Sam Example {next(_number)}", "role": "speaker", **values}
    if "person_id" in values:
        del told["name"]
    return actions.add_speaker(session, ACTOR, event, item, told, now=now)
