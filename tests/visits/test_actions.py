"""The verbs of site visits: what they tell and refuse."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from eventsvc.agenda.models import AgendaItem
from eventsvc.core.errors import Conflict, Invalid
from eventsvc.events import actions as events
from eventsvc.facts.models import FactRow
from eventsvc.visits import actions
from eventsvc.visits.models import Stop, Visit
from eventsvc.visits.queries import bus_for
from tests.agenda.test_listens import finish
from tests.factories.events import ACTOR, NOW, make_event
from tests.factories.visits import make_bus, make_stop, make_visit
from tests.visits.test_listens import finish as finish_both


@pytest.fixture
def event(session, organiser):
    return make_event(session, organiser.id)


def facts(session, kind):
    statement = select(FactRow).where(FactRow.kind == kind).order_by(FactRow.seq)
    return [(row.subject_id, row.payload.get("seats")) for row in session.scalars(statement)]


def test_a_visit_and_its_item_share_one_id(session, event):
    visit = make_visit(session, event)
    item = session.get_one(AgendaItem, visit.id)
    assert (item.kind, item.type, item.places) == ("visit", "site_visit", 40)
    actions.remove_visit(session, ACTOR, event, visit, now=NOW)
    assert session.scalars(select(Visit).where(Visit.id == item.id)).all() == []


def test_seats_and_departures_are_told(session, event):
    visit = make_visit(session, event)
    bus = make_bus(session, event, visit, seats=20)
    make_stop(session, event, bus)
    actions.change_bus(session, ACTOR, event, bus, {"seats": 10, "guide": "Guide"}, now=NOW)
    actions.change_bus(session, ACTOR, event, bus, {"name": "Other"}, now=NOW)
    actions.remove_bus(session, ACTOR, event, bus, now=NOW)
    assert facts(session, "visit.bus-seats-changed") == [(bus.id, 20), (bus.id, 10), (bus.id, 0)]
    assert facts(session, "visit.departures-changed") == [(visit.id, None), (visit.id, None)]
    assert session.scalars(select(Stop).where(Stop.bus_id == bus.id)).all() == []


def test_booking_opens_only_with_places_and_times(session, event):
    visit = make_visit(session, event, capacity=None)
    with pytest.raises(Invalid) as refused:
        actions.change_visit(session, ACTOR, event, visit, {"bookable": True}, now=NOW)
    assert refused.value.errors[0].code == "capacity-and-times-missing"
    opened = {"bookable": True, "capacity": 12}
    actions.change_visit(session, ACTOR, event, visit, opened, now=NOW)
    assert (visit.item.bookable, visit.item.places) == (True, 12)


def test_a_visit_in_calendars_is_cancelled_not_deleted(session, event):
    visit = make_visit(session, event)
    events.transition(session, ACTOR, event, "published", now=NOW)
    finish_both(session)
    with pytest.raises(Conflict) as refused:
        actions.remove_visit(session, ACTOR, event, visit, now=NOW)
    assert refused.value.code == "published-item"


def test_a_visit_that_loses_its_event_by_days_takes_its_bus_along(session, event):
    visit = make_visit(session, event)
    bus = make_bus(session, event, visit)
    stop = make_stop(session, event, bus)
    left = stop.leaves_at
    week = timedelta(days=7)
    moved = {"starts_at": event.starts_at + week, "ends_at": event.ends_at + week}
    events.change_event(session, ACTOR, event, moved, now=NOW)
    finish(session)
    assert bus_for(session, visit, bus.id).stops[0].leaves_at == left + week
