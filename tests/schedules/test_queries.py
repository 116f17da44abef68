"""The programme as one document."""

from __future__ import annotations

import pytest

from eventsvc.agenda import actions as agenda
from eventsvc.schedules.queries import schedule_of
from tests.factories.accounts import counted
from tests.factories.agenda import make_room, make_session, make_speaker
from tests.factories.events import ACTOR, NOW, make_event


def test_the_public_document_has_what_everybody_may_see(session, organiser):
    event = make_event(session, organiser.id, state="published")
    shown = make_session(session, event, title="Shown")
    make_speaker(session, event, shown, name="Ada Example", publish=True)
    make_speaker(session, event, shown, name="Bob Example")
    agenda.publish(session, ACTOR, event, now=NOW)
    make_session(session, event, title="Hidden", hour=3)
    session.expire_all()
    everything, public = (schedule_of(session, event, public=public) for public in (False, True))
    assert [item["title"] for item in everything["sessions"]] == ["Shown", "Hidden"]
    assert [item["title"] for item in public["sessions"]] == ["Shown"]
    assert [role["name"] for role in public["sessions"][0]["speakers"]] == ["Ada Example"]
    assert [person["name"] for person in public["speakers"]] == ["Ada Example"]


@pytest.mark.parametrize("most", [30])
def test_it_costs_the_same_for_many(session, organiser, most):
    event = make_event(session, organiser.id)

    def add(hour: float) -> int:
        item = make_session(session, event, room_id=make_room(session, event).id, hour=hour)
        make_speaker(session, event, item)
        session.expunge_all()
        with counted() as sent:
            schedule_of(session, event)
        return len(sent)

    few = add(1)
    assert [add(1 + number / 10) for number in range(1, most)][-1] == few
