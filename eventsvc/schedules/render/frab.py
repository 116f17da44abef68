"""The schedule of frab and pentabarf, as pretalx and the readers of c3voc know it.

Shapes: ``schedule.xsd`` and ``schedule.json`` of voc/schedule. Only timed items have a place in
it; those without a room stand in a room called "-".
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from xml.etree import ElementTree as ET

VERSION = "1.0"
NOWHERE = "-"
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class About:
    """What a schedule says of its conference. ``zone``: IANA."""

    title: str
    slug: str
    zone: str
    url: str

    @property
    def acronym(self) -> str:
        """At least four of ``a-z0-9_``, as its readers demand."""
        plain = re.sub("[^a-z0-9]+", "_", self.slug.lower()).strip("_")
        return plain if len(plain) >= 4 else f"event_{plain}"


@dataclass(frozen=True)
class _Names:
    """What rooms, tracks and persons of a document are called."""

    rooms: Mapping[str, str]
    tracks: Mapping[str, str]
    persons: Mapping[str, str]


def frab_json(document: Mapping[str, Any], about: About) -> bytes:
    """The schedule as JSON."""
    days = list(_days(document, about))
    rooms = [
        {"name": room["name"], "guid": guid(about, room["external_id"]), "slug": room["slug"],
         "capacity": room["capacity"]}
        for room in document["rooms"]
    ]  # fmt: skip
    conference = {
        "acronym": about.acronym,
        "title": about.title,
        "start": days[0]["date"] if days else "",
        "end": days[-1]["date"] if days else "",
        "daysCount": len(days),
        "timeslot_duration": "00:05",
        "time_zone_name": about.zone,
        "url": about.url,
        "rooms": rooms,
        "tracks": [
            {"name": one["name"], "slug": one["slug"], "color": one["color"] or "#808080"}
            for one in document["tracks"]
        ],
        "days": days,
    }
    schedule = {"schedule": {"version": VERSION, "base_url": about.url, "conference": conference}}
    return json.dumps(schedule, ensure_ascii=False, indent=1).encode()


def frab_xml(document: Mapping[str, Any], about: About) -> bytes:
    """The schedule as XML."""
    days = list(_days(document, about))
    root = ET.Element("schedule")
    ET.SubElement(root, "generator", name="eventsvc", version="1")
    _text(root, "version", VERSION)
    conference = ET.SubElement(root, "conference")
    _text(conference, "title", about.title)
    _text(conference, "acronym", about.acronym)
    if days:
        _text(conference, "start", days[0]["date"])
        _text(conference, "end", days[-1]["date"])
    _text(conference, "days", len(days))
    _text(conference, "timeslot_duration", "00:05")
    _text(conference, "base_url", about.url)
    _text(conference, "time_zone_name", about.zone)
    for day in days:
        told = {"date": day["date"], "start": day["day_start"], "end": day["day_end"]}
        node = ET.SubElement(root, "day", index=str(day["index"]), **told)
        for name, events in day["rooms"].items():
            room = ET.SubElement(node, "room", name=_clean(name))
            for event in events:
                _event(room, event)
    written: bytes = ET.tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + written


def _event(room: ET.Element, event: Mapping[str, Any]) -> None:
    node = ET.SubElement(room, "event", id=str(event["id"]), guid=event["guid"])
    names = (
        "room", "title", "subtitle", "type", "date", "start", "duration", "abstract", "slug",
        "track", "language", "description", "url",
    )  # fmt: skip
    for name in names:
        _text(node, name, event[name])
    persons = ET.SubElement(node, "persons")
    for person in event["persons"]:
        told = ET.SubElement(persons, "person", id=str(person["id"]), guid=person["guid"])
        told.text = _clean(person["name"])
    ET.SubElement(node, "links")
    ET.SubElement(node, "attachments")


def _text(parent: ET.Element, name: str, value: Any) -> None:
    ET.SubElement(parent, name).text = _clean(str(value))


def _clean(text: str) -> str:
    return _NOT_XML.sub("", text)


def guid(about: About, name: str) -> str:
    """A UUID for something named in a schedule: its own where its name is one."""
    try:
        return str(uuid.UUID(name))
    except ValueError:
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{about.url}#{name}"))


def _days(document: Mapping[str, Any], about: About) -> Iterator[dict[str, Any]]:
    names = _Names(
        {room["external_id"]: room["name"] for room in document["rooms"]},
        {track["slug"]: track["name"] for track in document["tracks"]},
        {person["id"]: person["name"] for person in document["speakers"]},
    )
    by_day: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for number, item in enumerate(document["sessions"], start=1):
        if item["starts_at"] is None or item["cancelled"]:
            continue
        event = _told(about, number, item, names)
        by_day.setdefault(item["starts_at"][:10], {}).setdefault(event["room"], []).append(event)
    for index, (day, rooms) in enumerate(sorted(by_day.items()), start=1):
        all_of = [event for events in rooms.values() for event in events]
        start = min(datetime.fromisoformat(event["date"]) for event in all_of)
        midnight = datetime.combine(start.date(), time(), start.tzinfo)
        yield {
            "index": index,
            "date": day,
            "day_start": midnight.isoformat(),
            "day_end": (midnight + timedelta(days=1)).isoformat(),
            "rooms": rooms,
        }


def _told(about: About, number: int, item: Mapping[str, Any], names: _Names) -> dict[str, Any]:
    starts = datetime.fromisoformat(item["starts_at"])
    minutes = int((datetime.fromisoformat(item["ends_at"]) - starts).total_seconds() // 60)
    return {
        "id": number,
        "guid": guid(about, item["external_id"]),
        "date": item["starts_at"],
        "start": f"{starts:%H:%M}",
        "duration": f"{minutes // 60:02}:{minutes % 60:02}",
        "room": names.rooms.get(item["room"], NOWHERE),
        "slug": f"{about.acronym}-item-{number}",
        "url": f"{about.url}#{item['external_id']}",
        "title": item["title"],
        "subtitle": "",
        "track": names.tracks.get(item["track"], ""),
        "type": item["type"],
        "language": item["languages"][0] if item["languages"] else "",
        "abstract": item["abstract"] or "",
        "description": "",
        "persons": [
            {"id": int(role["speaker"]), "name": role["name"], "public_name": role["name"],
             "guid": guid(about, f"speaker-{names.persons[role['speaker']]}")}
            for role in item["speakers"]
        ],
        "links": [],
        "attachments": [],
    }  # fmt: skip
