"""The gates of visits, buses and stops."""

from __future__ import annotations

import pytest

from eventsvc.core.errors import NotFound
from eventsvc.core.ids import new_id
from eventsvc.visits.queries import bus_for, stop_for, visit_for, visits_with_buses
from tests.factories.agenda import make_session
from tests.factories.events import make_event
from tests.factories.visits import make_bus, make_stop, make_visit


@pytest.fixture
def event(session, organiser):
    return make_event(session, organiser.id)


def test_the_gates_refuse_foreign_missing_and_malformed_alike(session, organiser, event):
    visit, other = make_visit(session, event), make_visit(session, event)
    foreign = make_visit(session, make_event(session, organiser.id))
    for visit_id in (foreign.id, make_session(session, event).id, new_id(), "x"):
        with pytest.raises(NotFound):
            visit_for(session, event, visit_id)
    bus = make_bus(session, event, other)
    for bus_id in (bus.id, new_id(), "x"):
        with pytest.raises(NotFound):
            bus_for(session, visit, bus_id)
    make_stop(session, event, bus)
    for stop_id in (new_id(), "x"):
        with pytest.raises(NotFound):
            stop_for(bus_for(session, other, bus.id), stop_id)


def test_a_stop_knows_its_zone_through_bus_and_visit(session, event):
    visit = make_visit(session, event, timezone="Europe/Lisbon")
    bus = make_bus(session, event, visit)
    stop = make_stop(session, event, bus)
    session.expire_all()
    (found,) = visits_with_buses(session, event, [visit.id])
    assert found.buses[0].stops[0].timezone == "Europe/Lisbon"
    assert found.buses[0].stops[0].id == stop.id
    assert visits_with_buses(session, event, []) == []
