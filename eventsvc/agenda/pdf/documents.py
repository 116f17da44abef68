"""The three documents: what goes into each template."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from babel.dates import format_date

from eventsvc.agenda.pdf.shape import (
    READ_AS,
    PrintedEvent,
    PrintedItem,
    PrintedRoom,
    by_day,
    clock,
    dates_line,
    day_label,
    people,
    place_line,
    slots,
)
from eventsvc.agenda.pdf.words import WORDS
from eventsvc.core.typeset import typeset

TEMPLATES = Path(__file__).parent.parent / "templates"
COLUMNS = ("time", "minutes", "what", "where", "who", "cues", "notes")
DARK_BLUE = "#1f3a5f"
_COLOR = re.compile(r"#[0-9A-Fa-f]{6}")
_READABLE = 0.4


def programme(event: PrintedEvent, language: str) -> bytes:
    """The programme by day, A4, tagged PDF; ``language``: en, de or fr."""
    days = [
        {"label": day_label(event, number, language), "slots": slots(items, language)}
        for number, items in by_day(event)
    ]
    told = {
        "theme": event.theme,
        "dates": dates_line(event, language),
        "place": place_line(event, language),
        "credit": event.credit,
        "days": days,
        "empty": WORDS[language]["empty"],
    }
    return _set("programme", event, language, told)


def door_signs(event: PrintedEvent, language: str, rooms: Sequence[PrintedRoom]) -> bytes:
    """A page for each room and day with something on, in the order of the rooms."""
    signs = []
    for room in rooms:
        for number, items in by_day(event):
            inside = [item for item in items if item.room_id == room.id]
            if inside:
                day = day_label(event, number, language)
                line = " · ".join(filter(None, [day, room.house]))
                sign = {"room": room.name, "day": line, "slots": slots(inside, language)}
                signs.append(sign)
    none = WORDS[language]["no_signs"]
    return _set("door_signs", event, language, {"signs": signs, "empty": none})


def run_sheet(event: PrintedEvent, language: str) -> bytes:
    """What happens when and where, who is needed, and cues, for the crew."""
    say = WORDS[language]
    days = [
        {
            "label": day_label(event, number, language),
            "rows": [_row(item, items, language) for item in items],
        }
        for number, items in by_day(event)
    ]
    told = {
        "heading": say["run_sheet"],
        "dates": dates_line(event, language),
        "days": days,
        "columns": [say[name] for name in COLUMNS],
        "empty": say["empty"],
    }
    return _set("run_sheet", event, language, told)


def _row(item: PrintedItem, day: list[PrintedItem], language: str) -> dict[str, Any]:
    say = WORDS[language]
    length = (item.ends - item.starts).total_seconds() / 60 if item.starts and item.ends else None
    return {
        "time": clock(item.starts, item.ends) or item.slot_text or say["untimed"],
        "minutes": f"{length:g}" if length is not None else "",
        "title": item.title,
        "room": item.room or "",
        "speakers": people(item.people, language),
        "cues": _cues(item, day, language),
    }


def _cues(item: PrintedItem, day: list[PrintedItem], language: str) -> list[str]:
    """What the crew must think of: the change-over in the room, online link, places."""
    say = WORDS[language]
    found = []
    in_room = [one for one in day if one.room_id == item.room_id and one.room_id and one.starts]
    after = [one for one in in_room if item.ends and one.starts and one.starts >= item.ends]
    if after and item.ends and after[0].starts:
        pause = int((after[0].starts - item.ends).total_seconds() // 60)
        what = f"{pause} {say['change']}" if pause else say["at_once"]
        found.append(f"{say['next']} {after[0].starts:%H:%M} ({what})")
    if item.capacity is not None:
        found.append(f"{item.capacity} {say['people']}")
    if item.mode in ("online", "hybrid"):
        found.append(say[item.mode] + (f", {say['join']}" if item.join_url else ""))
    if item.hidden:
        found.append(say["hidden"])
    return found


def _set(template: str, event: PrintedEvent, language: str, told: Mapping[str, Any]) -> bytes:
    say = WORDS[language]
    remark = say.get(event.state) if event.state in ("cancelled", "postponed") else None
    if event.published_on is None:
        status = say["draft"]
        remark = remark or status
    else:
        day = format_date(event.published_on, "long", locale=READ_AS[language])
        status = f"{say['state']} {day}"
    shared = {
        "title": event.title,
        "language": language,
        "accent": _accent(event.color),
        "remark": remark,
        "footer": f"{event.title} · {status}",
        "page": say["page"],
    }
    return typeset(TEMPLATES / f"{template}.typ", {**shared, **told}, at=event.at)


def _accent(color: str | None) -> str:
    """The event's colour where it is dark enough to be read on white, else dark blue."""
    if color is None or not _COLOR.fullmatch(color):
        return DARK_BLUE
    red, green, blue = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    light = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return color if light <= _READABLE else DARK_BLUE
