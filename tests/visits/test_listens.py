"""Visits and departures in calendars, and how departures follow their visit."""

from __future__ import annotations

from datetime import timedelta

import pytest

from eventsvc.agenda import actions as agenda
from eventsvc.core.db import shown_changes
from eventsvc.events import actions as events
from eventsvc.ical.queries import public_entries, scope_of
from eventsvc.ical.text import unfolded
from eventsvc.visits import actions
from eventsvc.visits.listens import render_changed
from eventsvc.visits.queries import bus_for, visit_for
from tests.agenda.test_listens import entry_of
from tests.agenda.test_listens import finish as finish_agenda
from tests.factories.events import ACTOR, NOW, make_event
from tests.factories.visits import make_bus, make_stop, make_visit

HOUR = timedelta(hours=1)


def finish(session):
    """Both finishers, as the door calls them."""
    session.flush()
    changed = dict(shown_changes(session))
    finish_agenda(session)
    shown_changes(session).update(changed)
    render_changed(session)
    session.flush()
    shown_changes(session).clear()


@pytest.fixture
def published(session, organiser):
    event = make_event(session, organiser.id)
    visit = make_visit(session, event, title="Steel works")
    bus = make_bus(session, event, visit, name="Bus A")
    make_stop(session, event, bus, place="Main Station")
    events.transition(session, ACTOR, event, "published", now=NOW)
    finish(session)
    return event, visit_for(session, event, visit.id), bus


def bus_again(session, event, visit, bus):
    return bus_for(session, visit_for(session, event, visit.id), bus.id)


def test_a_visit_is_shown_where_it_meets(session, published):
    _, visit, _ = published
    text = unfolded(entry_of(session, visit).text)
    assert "LOCATION:Gate 1\\, Linz\\, Austria\r\n" in text
    assert "CATEGORIES:Site visit\r\n" in text


def test_a_departure_is_an_item_of_its_own_and_not_public(session, published):
    event, visit, bus = published
    entry = entry_of(session, bus)
    assert entry.owner_kind == "bus"
    text = unfolded(entry.text)
    assert "SUMMARY:Departure Main Station (Bus A): Steel works\r\n" in text
    assert "DTSTART;TZID=Europe/Vienna:20270505T133000" in text
    owners = {each.owner_id for each in session.scalars(public_entries(event.id))}
    assert owners == {event.id, visit.id}


def test_only_what_changed_is_rendered(session, published):
    event, visit, bus = published
    stop = bus_again(session, event, visit, bus).stops[0]
    revision = scope_of(session, event.id).revision
    actions.change_stop(session, ACTOR, event, stop, {"place": "Town Hall"}, now=NOW)
    finish(session)
    assert entry_of(session, bus).sequence == 1
    assert entry_of(session, visit).sequence == 0
    assert scope_of(session, event.id).revision == revision + 1


def test_a_meeting_point_changes_the_visit_and_its_version(session, published):
    event, visit, bus = published
    version = visit.version
    actions.change_visit(session, ACTOR, event, visit, {"meeting_point": "Gate 2"}, now=NOW)
    finish(session)
    assert visit.version == version + 1
    assert "LOCATION:Gate 2" in entry_of(session, visit).text
    assert entry_of(session, bus).sequence == 0


def test_departures_follow_the_start_of_their_visit(session, published):
    event, visit, bus = published
    before = bus_again(session, event, visit, bus).stops[0].leaves_at
    later = {"starts_at": visit.item.starts_at + HOUR, "ends_at": visit.item.ends_at + HOUR}
    actions.change_visit(session, ACTOR, event, visit, later, now=NOW)
    finish(session)
    assert bus_again(session, event, visit, bus).stops[0].leaves_at == before + HOUR
    assert (entry_of(session, visit).sequence, entry_of(session, bus).sequence) == (1, 1)


@pytest.mark.parametrize("keep", ["keep_wall_time", "keep_instant"])
def test_departures_follow_into_another_zone(session, published, keep):
    event, visit, bus = published
    stop = bus_again(session, event, visit, bus).stops[0]
    ahead, wall = visit.item.starts_at - stop.leaves_at, stop.leaves_wall
    change = {"timezone": "Europe/London", "on_timezone_change": keep}
    events.change_event(session, ACTOR, event, change, now=NOW)
    finish(session)
    stop = bus_again(session, event, visit, bus).stops[0]
    assert stop.bus.visit.item.starts_at - stop.leaves_at == ahead
    assert stop.leaves_wall == (wall if keep == "keep_wall_time" else wall - HOUR)
    assert "TZID=Europe/London" in entry_of(session, bus).text


def test_a_bus_taken_out_leaves_calendars(session, published):
    event, visit, bus = published
    bus = bus_again(session, event, visit, bus)
    actions.remove_bus(session, ACTOR, event, bus, now=NOW)
    finish(session)
    assert entry_of(session, bus).removed_at is not None


def test_cancelling_a_visit_cancels_its_departures(session, published):
    event, visit, bus = published
    agenda.transition_item(session, ACTOR, event, visit.item, "cancelled", now=NOW)
    finish(session)
    assert entry_of(session, visit).status == "CANCELLED"
    assert entry_of(session, bus).status == "CANCELLED"
