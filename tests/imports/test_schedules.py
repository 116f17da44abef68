"""Whole schedules: what goes out comes back in, and files of other systems go in."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from eventsvc.agenda import actions as agenda
from eventsvc.agenda.models import AgendaItem, Room, SpeakerRole, Track
from eventsvc.imports.actions.runs import Run
from eventsvc.imports.actions.schedules import write_schedule
from eventsvc.imports.policy import ERROR
from eventsvc.imports.text import read_schedule
from eventsvc.schedules.queries import schedule_of
from eventsvc.schedules.render import About, frab_json, frab_xml
from eventsvc.visits import actions as visits
from tests.factories.agenda import HOUR, make_room, make_session, make_speaker, make_track
from tests.factories.events import ACTOR, NOW, STARTS, make_event

ABOUT = About("Example", "example-event", "Europe/Vienna", "http://localhost/events/-/example")

FOSDEM = """<?xml version="1.0" encoding="UTF-8"?>
<schedule>
  <conference>
    <title>Example Days</title><start>2027-05-05</start><end>2027-05-06</end>
    <day_change>09:00:00</day_change><timeslot_duration>00:05:00</timeslot_duration>
  </conference>
  <day index="1" date="2027-05-05">
    <room name="Janson">
      <event id="6245">
        <start>10:00</start><duration>00:50</duration><room>Janson</room><slug>osi</slug>
        <title>Example Talk</title><subtitle>A subtitle</subtitle><track>Keynotes</track>
        <type>maintrack</type><language/><abstract>About it.</abstract><description/>
        <persons><person id="1">Ada Example</person><person id="2">Bob Example</person></persons>
        <links/>
      </event>
    </room>
    <room name="Chavanne"/>
  </day>
</schedule>
"""
PRETALX = {
    "$schema": "https://c3voc.de/schedule/schema.json",
    "generator": {"name": "pretalx", "version": "2024.1"},
    "schedule": {
        "version": "0.9",
        "conference": {
            "acronym": "example", "title": "Example", "start": "2027-05-05", "end": "2027-05-06",
            "daysCount": 2, "timeslot_duration": "00:05", "time_zone_name": "Europe/Vienna",
            "rooms": [{"name": "Saal 1", "guid": "7f2c7e4c-0000-4000-8000-000000000001",
                       "capacity": 300}],
            "tracks": [{"name": "Security", "color": "#ff0000"}],
            "days": [{
                "index": 1, "date": "2027-05-05", "day_start": "2027-05-05T04:00:00+02:00",
                "day_end": "2027-05-06T03:59:00+02:00",
                "rooms": {"Saal 1": [{
                    "url": "https://example.org/talk/ABC/", "id": 7,
                    "guid": "7f2c7e4c-0000-4000-8000-00000000000a",
                    "date": "2027-05-05T11:00:00+02:00", "start": "11:00", "duration": "01:30",
                    "room": "Saal 1", "slug": "example-7-talk", "title": "Ein Vortrag",
                    "subtitle": "", "track": "Security", "type": "Workshop", "language": "de",
                    "abstract": "Kurz.", "description": "Lang.", "recording_license": "",
                    "do_not_record": False, "links": [], "attachments": [],
                    "persons": [{"code": "X", "name": "Eve Example", "public_name": "Eve Example",
                                 "biography": None, "answers": []}],
                }]},
            }],
        },
    },
}  # fmt: skip


def take_in(session, event, content: bytes, form="json", match="create_only"):
    document = read_schedule(content, form, event.timezone)
    return write_schedule(Run(session, ACTOR, event, match, NOW), document)


def copied(session, event, organiser, document) -> dict:
    """The document of an empty event of the same days, after it took ``document`` in."""
    days = {"starts_at": event.starts_at, "ends_at": event.ends_at, "timezone": event.timezone}
    other = make_event(session, organiser.id, **days)
    outcomes = take_in(session, other, json.dumps(document).encode())
    assert [one for one in outcomes if one.action == ERROR] == []
    session.expire_all()  # read as another transaction would
    return schedule_of(session, other)


def a_full_agenda(session, organiser):
    event = make_event(session, organiser.id, state="published")
    hall, track = (
        make_room(session, event, capacity=80, external_id="r-1"),
        make_track(session, event, color="#336699"),
    )
    block = make_session(session, event, stands_for=3, title="Parallel sessions", hour=2)
    item = make_session(
        session, event, room_id=hall.id, track_id=track.id, block_id=block.id, hour=2,
        languages=["en", "de"], capacity=20, bookable=True, abstract="*About* it.",
        external_id="s-1",
    )  # fmt: skip
    make_speaker(session, event, item, role="keynote", affiliation="Example University")
    make_speaker(session, event, None, role="moderator", publish=True)
    untimed = {"starts_at": None, "ends_at": None, "day": 2, "slot_text": "afternoon"}
    make_session(session, event, type="networking", **untimed)
    told = {
        "title": "Factory tour", "meeting_point": "Main gate", "practical": {"shoes": "Boots"},
        "starts_at": STARTS + 4 * HOUR, "ends_at": STARTS + 6 * HOUR, "capacity": 30,
    }  # fmt: skip
    visits.add_visit(session, ACTOR, event, told, now=NOW)
    gone = make_session(session, event, hour=6)
    agenda.transition_item(session, ACTOR, event, gone, "cancelled", now=NOW)
    session.expire_all()
    return event


def test_our_own_file_comes_back_as_it_was(session, organiser):
    event = a_full_agenda(session, organiser)
    document = schedule_of(session, event)
    assert len(document["sessions"]) == 5
    assert len(document["speakers"]) == 2
    assert copied(session, event, organiser, document) == document


SLOTS = st.lists(
    st.tuples(
        st.integers(0, 28), st.integers(1, 6), st.sampled_from(["workshop", "panel", "break"]),
        st.sampled_from([None, "one", "two"]), st.booleans(),
        st.lists(st.sampled_from(["en", "de", "fr"]), unique=True, max_size=2),
    ),
    max_size=6, unique_by=lambda slot: slot[0],
)  # fmt: skip


@settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(slots=SLOTS)
def test_any_agenda_comes_back_as_it_was(session, organiser, slots):
    with session.begin_nested() as savepoint:
        event = make_event(session, organiser.id)
        rooms = {name: make_room(session, event, name=name).id for name in ("one", "two")}
        for start, length, kind, room, cancelled, languages in slots:
            starts = STARTS + timedelta(minutes=15 * start)
            item = make_session(
                session, event, type=kind, starts_at=starts, languages=languages,
                ends_at=starts + timedelta(minutes=10 * length),
                room_id=None if room is None or length > 1 else rooms[room],
            )  # fmt: skip
            if cancelled:
                agenda.transition_item(session, ACTOR, event, item, "cancelled", now=NOW)
        document = schedule_of(session, event)
        assert copied(session, event, organiser, document) == document
        savepoint.rollback()


@pytest.mark.parametrize(("form", "render"), [("frab_xml", frab_xml), ("frab_json", frab_json)])
def test_frab_out_and_in_keeps_who_speaks_when_and_where(session, organiser, form, render):
    event = a_full_agenda(session, organiser)
    document = schedule_of(session, event)
    other = make_event(session, organiser.id)
    outcomes = take_in(session, other, render(document, ABOUT), form)
    assert {one.action for one in outcomes} == {"create"}
    session.expire_all()

    def seen(one):
        return {
            (item["title"], item["starts_at"], item["ends_at"],
             rooms.get(item["room"]), tuple(role["name"] for role in item["speakers"]))
            for rooms in [{room["external_id"]: room["name"] for room in one["rooms"]}]
            for item in one["sessions"]
            if item["starts_at"] and not item["cancelled"]
        }  # fmt: skip

    assert seen(schedule_of(session, other)) == seen(document)


def test_a_file_of_fosdem_goes_in(session, organiser):
    event = make_event(session, organiser.id)
    outcomes = take_in(session, event, FOSDEM.encode(), "frab_xml")
    assert {one.action for one in outcomes} == {"create"}
    item = session.scalars(select(AgendaItem)).one()
    assert (item.title, item.type, item.external_id) == ("Example Talk", "presentation", "6245")
    assert item.abstract == "A subtitle\n\nAbout it."
    assert (f"{item.starts_wall:%H:%M}", f"{item.ends_wall:%H:%M}") == ("10:00", "10:50")
    names = session.scalars(select(SpeakerRole.name_printed).order_by(SpeakerRole.position))
    assert list(names) == ["Ada Example", "Bob Example"]
    assert session.scalars(select(Track.name)).one() == "Keynotes"
    again = take_in(session, event, FOSDEM.encode(), "frab_xml", match="upsert")
    assert {one.action for one in again} <= {"skip", "create"}, again
    assert len(list(session.scalars(select(AgendaItem)))) == 1


def test_a_file_of_pretalx_goes_in(session, organiser):
    event = make_event(session, organiser.id)
    outcomes = take_in(session, event, json.dumps(PRETALX).encode(), "frab_json")
    assert {one.action for one in outcomes} == {"create"}
    item = session.scalars(select(AgendaItem)).one()
    assert (item.type, item.languages) == ("workshop", ["de"])
    assert item.ends_at - item.starts_at == timedelta(minutes=90)
    assert session.scalars(select(Room.capacity)).one() == 300
    assert session.scalars(select(Track.color)).one() == "#ff0000"


def test_by_the_door_with_errors_by_item(load, session, event):
    document = {
        "schema_version": 1, "timezone": "Europe/Vienna", "rooms": [], "speakers": [],
        "sessions": [
            {"external_id": "a", "type": "panel", "title": "Fine"},
            {"external_id": "b", "type": "panel", "title": "Nowhere", "room": "Attic"},
        ],
    }  # fmt: skip
    job = load("schedule", json.dumps(document), format="json")
    assert [row["action"] for row in job["result"]["rows"]] == ["create", "error"]
    del document["sessions"][1]["room"]
    assert load("schedule", json.dumps(document), format="json")["state"] == "succeeded"
    assert len(list(session.scalars(select(AgendaItem)))) == 2
    document["sessions"][0]["type"] = "party"
    job = load("schedule", json.dumps(document), format="json")
    assert job["problem"]["errors"][0]["pointer"] == "/sessions/0/type"
    job = load("schedule", json.dumps({**document, "timezone": "Europe/Paris"}), format="json")
    assert job["state"] == "failed"


@pytest.mark.threat(24)
@pytest.mark.parametrize(
    ("content", "form", "code"),
    [
        (b'<!DOCTYPE a [<!ENTITY b "bb">]><schedule>&b;</schedule>', "frab_xml", "bomb"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/hostname"><schedule/>', "frab_xml", "bomb"),
        (b"<schedule>", "frab_xml", "bad-xml"),
        (b"<html/>", "frab_xml", "not-a-schedule"),
        (b"{}", "frab_json", "not-a-schedule"),
        (b'{"schedule": {"conference": {"days": 1}}}', "frab_json", "not-a-schedule"),
        (b"[" * 100, "json", "bad-json"),
        (b'{"a": NaN}', "json", "bad-json"),
    ],
)
def test_unreadable_schedules_are_refused(load, event, content, form, code):
    job = load("schedule", content, format=form)
    (error,) = job["problem"]["errors"]
    assert (error["pointer"], error["code"]) == ("/file", code)
