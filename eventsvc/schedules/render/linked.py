"""A programme as schema.org JSON-LD, for search engines and other readers of the web."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from eventsvc.schedules.render.frab import About

MODES = {
    "on_site": "https://schema.org/OfflineEventAttendanceMode",
    "online": "https://schema.org/OnlineEventAttendanceMode",
    "hybrid": "https://schema.org/MixedEventAttendanceMode",
}
CANCELLED = "https://schema.org/EventCancelled"
SCHEDULED = "https://schema.org/EventScheduled"


def json_ld(document: Mapping[str, Any], about: About) -> bytes:
    """The event with its timed items as ``subEvent``."""
    rooms = {room["external_id"]: room["name"] for room in document["rooms"]}
    timed = [item for item in document["sessions"] if item["starts_at"] is not None]
    told = {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": about.url,
        "name": about.title,
        "url": about.url,
        "subEvent": [_sub_event(item, rooms, about) for item in timed],
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def _sub_event(item: Mapping[str, Any], rooms: Mapping[str, str], about: About) -> dict[str, Any]:
    told: dict[str, Any] = {
        "@type": "Event",
        "@id": f"{about.url}#{item['external_id']}",
        "name": item["title"],
        "startDate": item["starts_at"],
        "endDate": item["ends_at"],
        "eventStatus": CANCELLED if item["cancelled"] else SCHEDULED,
    }
    optional = {
        "description": item["abstract"],
        "inLanguage": item["languages"] or None,
        "eventAttendanceMode": MODES.get(item["mode"] or ""),
        "location": {"@type": "Place", "name": rooms[item["room"]]} if item["room"] else None,
        "performer": [{"@type": "Person", "name": role["name"]} for role in item["speakers"]],
    }
    return told | {name: value for name, value in optional.items() if value}
