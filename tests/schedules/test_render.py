"""Schedules as other programs read them."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

from eventsvc.schedules.render import About, frab_json, frab_xml, json_ld

ABOUT = About("Example & Co", "ex", "Europe/Vienna", "http://localhost/events/-/ex")
ITEM = {
    "external_id": "s1", "kind": "session", "type": "workshop", "title": "<Digital> twins\x0b",
    "abstract": "About.", "languages": ["en"], "mode": "hybrid", "room": "r1", "track": "t",
    "starts_at": "2027-05-05T10:00:00+02:00", "ends_at": "2027-05-05T11:30:00+02:00",
    "cancelled": False, "speakers": [{"speaker": "1", "name": "Dr Ada Example"}],
}  # fmt: skip
DOCUMENT = {
    "rooms": [{"external_id": "r1", "name": "Hall", "slug": "hall", "capacity": 80}],
    "tracks": [{"name": "Industry", "slug": "t", "color": None}],
    "speakers": [{"id": "1", "name": "Ada Example"}],
    "sessions": [
        ITEM,
        {**ITEM, "external_id": "s2", "cancelled": True},
        {**ITEM, "external_id": "s3", "starts_at": None, "ends_at": None},
        {**ITEM, "external_id": "s4", "room": None, "track": None, "speakers": []},
    ],
}


def test_xml_has_what_readers_demand():
    root = ET.fromstring(frab_xml(DOCUMENT, ABOUT))  # noqa: S314  our own bytes
    assert root.findtext("conference/acronym") == "event_ex"
    assert root.findtext("conference/time_zone_name") == "Europe/Vienna"
    (day,) = root.findall("day")
    assert day.attrib == {
        "index": "1", "date": "2027-05-05", "start": "2027-05-05T00:00:00+02:00",
        "end": "2027-05-06T00:00:00+02:00",
    }  # fmt: skip
    assert [room.get("name") for room in day.findall("room")] == ["Hall", "-"]
    event = day.find("room/event")
    assert {node.tag: node.text for node in event if node.text and node.tag != "persons"} == {
        "room": "Hall", "title": "<Digital> twins", "type": "workshop", "start": "10:00",
        "date": "2027-05-05T10:00:00+02:00", "duration": "01:30", "abstract": "About.",
        "slug": "event_ex-item-1", "track": "Industry", "language": "en",
        "url": "http://localhost/events/-/ex#s1",
    }  # fmt: skip
    assert event.findtext("persons/person") == "Dr Ada Example"


def test_json_has_the_same_events():
    schedule = json.loads(frab_json(DOCUMENT, ABOUT))["schedule"]
    conference = schedule["conference"]
    assert (conference["daysCount"], conference["rooms"][0]["name"]) == (1, "Hall")
    (event,) = conference["days"][0]["rooms"]["Hall"]
    needed = {
        "abstract", "date", "duration", "guid", "id", "language", "links", "persons", "room",
        "slug", "start", "subtitle", "title", "track", "type", "url",
    }  # fmt: skip
    assert needed <= event.keys()
    assert event["persons"][0]["public_name"] == "Dr Ada Example"


def test_nothing_timed_makes_an_empty_schedule():
    empty = {**DOCUMENT, "sessions": []}
    assert json.loads(frab_json(empty, ABOUT))["schedule"]["conference"]["days"] == []
    assert ET.fromstring(frab_xml(empty, ABOUT)).findall("day") == []  # noqa: S314


def test_linked_data():
    told = json.loads(json_ld(DOCUMENT, ABOUT))
    first, second, _ = told["subEvent"]
    assert (told["@type"], first["name"][:9]) == ("Event", "<Digital>")
    assert first["location"] == {"@type": "Place", "name": "Hall"}
    assert first["performer"] == [{"@type": "Person", "name": "Dr Ada Example"}]
    assert second["eventStatus"] == "https://schema.org/EventCancelled"
