"""The programmes of the real editions come back from a file as they were."""

from __future__ import annotations

import json
from contextlib import suppress

from sqlalchemy import select

from eventsvc.core.rights import system
from eventsvc.core.text import search_key
from eventsvc.core.transactions import transaction
from eventsvc.events.models import Event
from eventsvc.imports.actions.runs import Run
from eventsvc.imports.actions.schedules import write_schedule
from eventsvc.imports.policy import ERROR
from eventsvc.imports.text import read_schedule
from eventsvc.schedules.queries import schedule_of
from tests.factories.events import NOW, make_event


class _Enough(Exception):  # noqa: N818
    """Rolls the trial back: other tests read the same archive."""


def test_every_edition_comes_back(archive):
    seen = 0
    with archive.app_context(), suppress(_Enough), transaction() as session:
        events = session.scalars(select(Event).order_by(Event.slug)).all()
        seen = sum(_compare(session, event) for event in events)
        raise _Enough
    assert seen > 10


def _compare(session, event) -> int:
    document = schedule_of(session, event)
    days = {"timezone": event.timezone, "date_precision": event.date_precision}
    for name in ("starts_at", "ends_at", "month", "year"):
        if getattr(event, name) is not None:
            days[name] = getattr(event, name)
    other = make_event(session, event.organiser_id, **days)
    read = read_schedule(json.dumps(document).encode(), "json", event.timezone)
    run = Run(session, system("test"), other, "create_only", NOW)
    outcomes = write_schedule(run, read)
    assert [one for one in outcomes if one.action == ERROR] == [], event.slug
    session.expire_all()
    back = schedule_of(session, other)
    names = [[search_key(one["name"]) for one in told.pop("speakers")] for told in (back, document)]
    assert names[0] == names[1], event.slug  # one person has two spellings in the directory
    assert back == document, event.slug
    return len(document["sessions"])
