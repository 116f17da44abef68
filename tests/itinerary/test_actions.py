"""Promises: no two at one time, moved with their items."""

from __future__ import annotations

from datetime import timedelta

import pytest

from eventsvc.core.errors import Conflict
from eventsvc.itinerary import actions, queries
from eventsvc.visits import actions as visits
from tests.factories.agenda import HOUR, make_room, make_session
from tests.factories.events import ACTOR, NOW, STARTS, make_venue
from tests.factories.registration import make_open_event, make_registration


@pytest.fixture
def event(session, organiser):
    return make_open_event(session, organiser.id)


@pytest.fixture
def guest(session, event):
    return make_registration(session, event).participant_id


def promise(session, event, guest, item):
    return actions.promise(session, event, guest, "session", item, now=NOW)


def test_overlapping_promises_are_refused_with_what_stands_against(session, event, guest):
    first = make_session(session, event, hour=1)
    second = make_session(session, event, hour=1.5)
    promise(session, event, guest, first)
    with pytest.raises(Conflict) as refused:
        promise(session, event, guest, second)
    assert refused.value.code == "time-conflict"
    assert refused.value.members["conflicts_with"] == [first.id]


def test_touching_and_untimed_items_clash_with_none(session, event, guest):
    for item in (
        make_session(session, event, hour=1),
        make_session(session, event, hour=2),
        make_session(session, event, starts_at=None, ends_at=None, day=1),
    ):
        promise(session, event, guest, item)
    kept = queries.itinerary_of(session, guest)
    assert [one.starts_at for one in kept] == [STARTS + HOUR, STARTS + 2 * HOUR, None]


def test_overlaps_are_let_through_where_the_event_allows_them(session, event, guest):
    event.allow_overlaps = True
    for _ in range(2):
        promise(session, event, guest, make_session(session, event, hour=1))
    assert len(queries.itinerary_of(session, guest)) == 2


def test_a_forgotten_promise_frees_its_time(session, event, guest):
    first, second = (make_session(session, event, hour=1) for _ in range(2))
    promise(session, event, guest, first)
    actions.forget(session, participant_id=guest, item_id=first.id)
    promise(session, event, guest, second)
    actions.forget(session, item_id=second.id)
    assert queries.itinerary_of(session, guest) == []
    with pytest.raises(ValueError, match="whose"):
        actions.forget(session)


def test_a_move_keeps_both_promises_and_tells_who_has_two(session, event, guest):
    first = make_session(session, event, hour=1)
    second = make_session(session, event, hour=3)
    other = make_registration(session, event).participant_id
    promise(session, event, guest, first)
    promise(session, event, guest, second)
    promise(session, event, other, second)
    moved_to = STARTS + timedelta(minutes=90)
    assert actions.move(session, second.id, moved_to, moved_to + HOUR) == [guest]
    assert [one.overlaps for one in queries.itinerary_of(session, guest)] == [False, True]
    back = STARTS + 3 * HOUR
    assert actions.move(session, second.id, back, back + HOUR) == []
    assert [one.overlaps for one in queries.itinerary_of(session, guest)] == [False, False]
    assert actions.move(session, second.id, None, None) == []


@pytest.fixture
def houses(session, event):
    """Two sessions that follow each other at once, in two houses."""
    rooms = []
    for name in ("Hofburg", "Works"):
        house = make_venue(session, event, name=name)
        rooms.append(make_room(session, event, venue_id=house.id))
    items = [make_session(session, event, hour=n + 1, room_id=room.id, title=f"In {n}")
             for n, room in enumerate(rooms)]  # fmt: skip
    return [room.venue_id for room in rooms], items


def way(session, event, houses, minutes):
    ends = dict(zip(("from_venue_id", "to_venue_id"), houses, strict=True))
    values = {**ends, "minutes": minutes}
    return visits.add_travel_time(session, ACTOR, event.organiser_id, values, now=NOW)


def test_a_person_needs_the_minutes_between_two_houses(session, event, guest, houses):
    venues, (first, second) = houses
    way(session, event, venues, 20)
    promise(session, event, guest, second)
    with pytest.raises(Conflict) as refused:
        promise(session, event, guest, first)
    assert refused.value.code == "time-conflict"
    assert refused.value.members["conflicts_with"] == [second.id]
    (clash,) = refused.value.members["clashes"]
    assert clash == {
        "item_id": second.id,
        "kind": "session",
        "title": "In 1",
        "starts_at": "2027-05-05T11:00:00+02:00",
        "ends_at": "2027-05-05T12:00:00+02:00",
        "minutes_missing": 20,
    }


def test_without_minutes_the_next_house_is_near(session, event, guest, houses):
    for item in houses[1]:
        promise(session, event, guest, item)
    assert len(queries.itinerary_of(session, guest)) == 2
