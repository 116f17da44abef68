"""Travel times entered at the same time."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select

from eventsvc.core import clock
from eventsvc.core.errors import Conflict
from eventsvc.core.transactions import transaction
from eventsvc.visits import actions
from eventsvc.visits.models import TravelTime
from tests.conftest import add_organiser
from tests.factories.events import ACTOR, make_event, make_venue


@pytest.mark.commits
def test_of_two_entries_of_one_way_at_once_one_is_kept(committed):
    with transaction() as session:
        organiser_id = add_organiser(session).id
        event = make_event(session, organiser_id)
        ends = [make_venue(session, event).id for _ in range(2)]
    outcomes: list[str] = []
    ready = threading.Barrier(2)

    def run(start: str, end: str) -> None:
        values = {"from_venue_id": start, "to_venue_id": end, "minutes": 5}
        with committed.app_context():
            ready.wait()
            try:
                with transaction() as own:
                    now = clock.now(own)
                    actions.add_travel_time(own, ACTOR, organiser_id, values, now=now)
                outcomes.append("kept")
            except Conflict as refused:
                outcomes.append(refused.code)

    threads = [threading.Thread(target=run, args=pair) for pair in (ends, ends[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["kept", "travel-time-exists"]
    with transaction(write=False) as session:
        assert len(session.scalars(select(TravelTime)).all()) == 1
