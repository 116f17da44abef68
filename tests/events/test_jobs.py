"""The clock of editions, on a database where commits are real."""

from __future__ import annotations

from datetime import timedelta

import pytest

from eventsvc.core import clock
from eventsvc.core.transactions import transaction
from eventsvc.events import jobs
from eventsvc.events.models import Event
from eventsvc.facts.models import FactRow
from tests.conftest import add_organiser
from tests.factories.events import ENDS, STARTS, make_event

pytestmark = pytest.mark.commits


def states() -> list[str]:
    with transaction(write=False) as session:
        return [event.state for event in session.query(Event).order_by(Event.title)]


def make(number: int) -> None:
    with transaction() as session:
        organiser = add_organiser(session)
        for index in range(number):
            make_event(session, organiser.id, title=f"E{index}", state="published")


@pytest.mark.usefixtures("committed")
def test_the_clock_turns_twice_and_acts_once():
    make(2)
    with clock.standing_at(STARTS - timedelta(seconds=1)):
        jobs.turn_clock()
        assert states() == ["published", "published"]
    with clock.standing_at(STARTS):
        jobs.turn_clock()
        jobs.turn_clock()
        assert states() == ["running", "running"]
    with clock.standing_at(ENDS):
        jobs.turn_clock()
        jobs.turn_clock()
        assert states() == ["completed", "completed"]
    with transaction(write=False) as session:
        ended = session.query(FactRow).where(FactRow.kind == "event.completed").count()
    assert ended == 2


@pytest.mark.usefixtures("committed")
def test_after_days_of_downtime_one_turn_is_enough():
    make(1)
    with clock.standing_at(ENDS + timedelta(days=3)):
        jobs.turn_clock()
    assert states() == ["completed"]


@pytest.mark.usefixtures("committed")
def test_one_that_refuses_does_not_hold_up_the_others(monkeypatch):
    make(2)
    turn = jobs.actions.turn_one
    with transaction(write=False) as session:
        broken = session.query(Event.id).where(Event.title == "E0").scalar()

    def refuse_first(session, event_id, *, now):
        if event_id == broken:
            raise jobs.Refusal("a synthetic refusal")
        return turn(session, event_id, now=now)

    monkeypatch.setattr(jobs.actions, "turn_one", refuse_first)
    with clock.standing_at(STARTS):
        jobs.turn_clock()
    assert states() == ["published", "running"]
