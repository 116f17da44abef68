"""frab's schedule, XML and JSON, to our document (shapes: voc/schedule; FOSDEM has no dates in
its events and a ``day_change``)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from eventsvc.agenda.policy import SESSION_TYPES
from eventsvc.core.errors import Invalid
from eventsvc.core.text import ValueRefused, language_tag, zone_names, zoned_instant
from eventsvc.events.policy import instant_of

NOWHERE = "-"
TYPES = {
    "lecture": "presentation", "talk": "presentation", "maintrack": "presentation",
    "lightning_talk": "presentation", "lightningtalk": "presentation", "devroom": "presentation",
    "meeting": "networking", "discussion": "panel", "podium": "panel", "movie": "video",
    "film": "video", "contest": "other", "performance": "other", "tutorial": "workshop",
    "hands-on": "workshop", "bof": "breakout", "pause": "break", "site_visit": "other",
}  # fmt: skip
_LENGTH = re.compile(r"([0-9]{1,3}):([0-9]{2})(?::[0-9]{1,2})?")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def from_frab_xml(content: bytes, zone: str | None) -> dict[str, Any]:
    """Our document from ``schedule.xml``. Entities and document types are refused unread.

    Raises:
        Invalid: pointer ``/file``: ``bad-xml``, ``bomb``, ``not-a-schedule``.
    """
    try:
        root = fromstring(content, forbid_dtd=True)
    except DefusedXmlException as error:
        raise Invalid.field("/file", "bomb", "It declares entities or a document type") from error
    except (ParseError, ValueError, LookupError) as error:
        raise Invalid.field("/file", "bad-xml", "This is not XML") from error
    if root.tag != "schedule":
        raise Invalid.field("/file", "not-a-schedule", "It has no <schedule>")
    conference = root.find("conference")
    told = {} if conference is None else {node.tag: node.text or "" for node in conference}
    tracks = [] if conference is None else [dict(node.attrib) for node in conference.iter("track")]
    events = [
        _flat(event) | {"day": day.get("date", ""), "in": room.get("name", "")}
        for day in root.iter("day")
        for room in day.iter("room")
        for event in room.findall("event")
    ]
    return _document(told, tracks, [], events, zone)


def _flat(event: Element) -> dict[str, Any]:
    told: dict[str, Any] = {node.tag: (node.text or "").strip() for node in event}
    persons = [(person.text or "").strip() for person in event.iter("person")]
    return {**told, "id": event.get("id"), "guid": event.get("guid"), "persons": persons}


def from_frab_json(value: Any, zone: str | None) -> dict[str, Any]:
    """Our document from ``schedule.json``.

    Raises:
        Invalid: pointer ``/file``: ``not-a-schedule``.
    """
    try:
        conference = value["schedule"]["conference"]
        events = [
            {**event, "day": day.get("date", ""), "in": name,
             "persons": [p.get("public_name") or p["name"] for p in event.get("persons") or ()]}
            for day in conference["days"]
            for name, found in day["rooms"].items()
            for event in found
        ]  # fmt: skip
        tracks, rooms = conference.get("tracks") or [], conference.get("rooms") or []
        return _document(conference, tracks, rooms, events, zone)
    except (KeyError, TypeError, AttributeError) as error:
        detail = "It has no schedule with a conference, days, rooms and events"
        raise Invalid.field("/file", "not-a-schedule", detail) from error


def _document(
    told: Mapping[str, Any],
    tracks: list[Any],
    rooms: list[Any],
    events: list[dict[str, Any]],
    zone: str | None,
) -> dict[str, Any]:
    named = str(told.get("time_zone_name") or "")
    zone = named if named in zone_names() else zone
    change = str(told.get("day_change") or "")[:5]
    names = dict.fromkeys(_name(event) for event in events)
    capacity = {room.get("name"): room.get("capacity") for room in rooms}
    people = {person: str(n) for n, person in enumerate(dict.fromkeys(_people(events)), start=1)}
    colours = {str(track.get("name")): str(track.get("color") or "") for track in tracks}
    used = dict.fromkeys(str(event.get("track") or "").strip() for event in events)
    return {
        "schema_version": 1,
        "timezone": zone,
        "rooms": [
            {"external_id": name[:100], "name": name, "position": n,
             "capacity": capacity.get(name) if isinstance(capacity.get(name), int) else None}
            for n, name in enumerate((name for name in names if name), start=1)
        ],
        "tracks": [
            {"name": name, "position": n}
            | ({"color": colours[name]} if _COLOUR.fullmatch(colours.get(name, "")) else {})
            for n, name in enumerate((name for name in used if name), start=1)
        ],
        "speakers": [{"id": number, "name": person} for person, number in people.items()],
        "sessions": [_session(event, people, zone, change) for event in events],
    }  # fmt: skip


def _name(event: Mapping[str, Any]) -> str:
    name = str(event.get("in") or event.get("room") or "").strip()
    return "" if name == NOWHERE else name


def _people(events: list[dict[str, Any]]) -> Iterator[str]:
    for event in events:
        yield from (person for person in event["persons"] if person)


def _session(
    event: Mapping[str, Any], people: Mapping[str, str], zone: str | None, change: str
) -> dict[str, Any]:
    starts, ends = _times(event, zone, change)
    texts = (event.get("subtitle"), event.get("abstract"), event.get("description"))
    persons = dict.fromkeys(person for person in event["persons"] if person)
    return {
        "external_id": str(event.get("guid") or event.get("id") or ""),
        "type": _type(str(event.get("type") or "")),
        "title": str(event.get("title") or "").strip(),
        "abstract": "\n\n".join(str(text).strip() for text in texts if text) or None,
        "starts_at": starts,
        "ends_at": ends,
        "room": _name(event)[:100] or None,
        "track": str(event.get("track") or "").strip() or None,
        "languages": _languages(str(event.get("language") or "")),
        "speakers": [{"speaker": people[person], "name": person} for person in persons],
    }


def _type(word: str) -> str:
    plain = "_".join(word.strip().lower().split())
    return plain if plain in SESSION_TYPES else TYPES.get(plain, "presentation")


def _languages(word: str) -> list[str]:
    try:
        return [language_tag(word.strip())] if word.strip() else []
    except ValueRefused:
        return []


def _times(event: Mapping[str, Any], zone: str | None, change: str) -> tuple[Any, Any]:
    """Start and end; what cannot be read is handed on for the schema to refuse."""
    given, length = str(event.get("date") or ""), _LENGTH.fullmatch(str(event.get("duration")))
    try:
        starts = datetime.fromisoformat(given) if given else _of_day(event, zone, change)
    except (ValueError, ValueRefused):
        return given or str(event.get("start")), None
    if starts.tzinfo is None or length is None:
        return given, None
    ends = starts + timedelta(hours=int(length[1]), minutes=int(length[2]))
    return starts.isoformat(timespec="seconds"), ends.isoformat(timespec="seconds")


def _of_day(event: Mapping[str, Any], zone: str | None, change: str) -> datetime:
    """A start known by day and clock only; before the change of days it is the next morning."""
    clock = str(event.get("start") or "")[:5]
    wall = datetime.fromisoformat(f"{event['day']}T{clock}:00")
    wall += timedelta(days=1) if change and clock < change else timedelta()
    if zone is None:
        raise ValueError("no zone")
    return datetime.fromisoformat(zoned_instant(instant_of(wall, zone), zone))
