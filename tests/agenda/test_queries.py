"""The gate of items, the one order of the programme, and what a transaction touched."""

from __future__ import annotations

import random

import pytest

from eventsvc.agenda.queries import (
    item_for,
    programme,
    room_for,
    speaker_for,
    touched_by,
    touched_items,
    track_for,
)
from eventsvc.core.errors import NotFound
from eventsvc.core.ids import new_id
from eventsvc.events import actions as events
from tests.factories.agenda import make_room, make_session, make_speaker, make_track
from tests.factories.events import ACTOR, NOW, make_event
from tests.factories.visits import make_visit


@pytest.fixture
def event(session, organiser):
    return make_event(session, organiser.id)


def test_the_gate_knows_places_and_zone(session, event):
    room = make_room(session, event, capacity=25)
    item = make_session(session, event, room_id=room.id)
    session.expire_all()
    found = item_for(session, event, item.id)
    assert (found.places, found.timezone) == (25, "Europe/Vienna")
    assert item_for(session, event, item.id, "session", lock=True) is found


def test_the_gate_refuses_foreign_missing_and_malformed_alike(session, organiser, event):
    other = make_event(session, organiser.id)
    foreign, visit = make_session(session, other), make_visit(session, event)
    for item_id in (foreign.id, visit.id, new_id(), "x"):
        with pytest.raises(NotFound):
            item_for(session, event, item_id, "session")
    parts = (
        (room_for, make_room(session, other)),
        (track_for, make_track(session, other)),
        (speaker_for, make_speaker(session, other, None)),
    )
    for gate, part in parts:
        for part_id in (part.id, new_id(), "x"):
            with pytest.raises(NotFound):
                gate(session, event, part_id)


def test_a_role_is_found_only_on_its_own_item(session, event):
    item, other = make_session(session, event), make_session(session, event, hour=3)
    role = make_speaker(session, event, item)
    assert speaker_for(session, event, role.id, item_id=item.id) is role
    with pytest.raises(NotFound):
        speaker_for(session, event, role.id, item_id=other.id)


def test_the_one_order(session, event):
    untimed = {"starts_at": None, "ends_at": None}
    made = [
        make_session(session, event, hour=1),
        make_session(session, event, hour=2),
        make_session(session, event, **untimed, day=1, position=1),
        make_session(session, event, **untimed, day=1, position=2),
        make_session(session, event, hour=24),
        make_session(session, event, **untimed, day=2, position=1),
        make_session(session, event, **untimed),
    ]
    random.Random(7).shuffle(made)
    found = programme(session, event)
    assert [(item.day, item.starts_at is None) for item in found] == [
        (1, False), (1, False), (1, True), (1, True), (2, False), (2, True), (None, True),
    ]  # fmt: skip
    assert [item.position for item in found[2:4]] == [1, 2]


def test_what_is_touched(session, event):
    room, track = make_room(session, event), make_track(session, event)
    in_room = make_session(session, event, room_id=room.id)
    in_track = make_session(session, event, track_id=track.id)
    spoken, alone = make_session(session, event), make_session(session, event)
    role = make_speaker(session, event, spoken)
    events.transition(session, ACTOR, event, "published", now=NOW)
    session.flush()

    def ids(*changes):
        touched = touched_by(session, changes)
        assert touched.event_ids() == [event.id]
        return {item.id for item in touched_items(session, event, touched, "session")}

    assert ids(room) == {in_room.id}
    assert ids(track) == {in_track.id}
    assert ids(role) == {spoken.id}
    assert ids(alone) == {alone.id}
    assert ids(event) == {in_room.id, in_track.id, spoken.id, alone.id}
