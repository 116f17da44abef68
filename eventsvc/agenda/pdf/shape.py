"""What is printed, as plain values, and how it is put into days, slots and lines. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from babel import Locale
from babel.dates import format_date

from eventsvc.agenda.pdf.words import KINDS, ROLES, WORDS

LANGUAGES = tuple(WORDS)
READ_AS = {"en": "en_GB", "de": "de_DE", "fr": "fr_FR"}


@dataclass(frozen=True)
class PrintedPerson:
    """Somebody named in a printed programme; ``affiliation`` only where it may be shown."""

    name: str
    role: str
    affiliation: str | None


@dataclass(frozen=True)
class PrintedItem:
    """A session or visit; times are wall times of its place, ``zone`` where it is not the event's.

    ``capacity``: places; ``hidden`` and ``planned`` matter to the crew and in drafts.
    """

    kind: str
    title: str
    day: int | None
    starts: datetime | None
    ends: datetime | None
    zone: str | None
    slot_text: str | None
    room_id: str | None
    room: str | None
    track: str | None
    mode: str | None
    languages: tuple[str, ...]
    people: tuple[PrintedPerson, ...]
    capacity: int | None = None
    join_url: bool = False
    hidden: bool = False


@dataclass(frozen=True)
class PrintedRoom:
    """A room that gets a sign; ``house`` is the venue that it is in."""

    id: str
    name: str
    house: str | None


@dataclass(frozen=True)
class PrintedEvent:
    """An event with its items in the order of the programme.

    ``first_day``: the date of day 1; ``at``: the instant that the document is dated with;
    ``published_on``: the date of the publication that it shows, None for a draft.
    """

    title: str
    theme: str | None
    place: str | None
    country: str | None
    credit: str | None
    state: str
    first_day: date | None
    last_day: date | None
    color: str | None
    at: datetime
    published_on: date | None
    items: tuple[PrintedItem, ...]


def dates_line(event: PrintedEvent, language: str) -> str:
    """The days of an event, as people write them."""
    if event.first_day is None:
        return WORDS[language]["date_open"]
    first, last = event.first_day, event.last_day or event.first_day
    days = [first] if first == last else [first, last]
    return " – ".join(format_date(day, "full", locale=READ_AS[language]) for day in days)


def place_line(event: PrintedEvent, language: str) -> str | None:
    """Where it is: house and town, then the country in the language of the document."""
    country = Locale(language).territories.get(event.country or "", event.country)
    return ", ".join(filter(None, [event.place, country])) or None


def by_day(event: PrintedEvent) -> list[tuple[int | None, list[PrintedItem]]]:
    """The items by day, in their order."""
    groups = groupby(event.items, key=lambda item: item.day)
    return [(number, list(items)) for number, items in groups]


def day_label(event: PrintedEvent, number: int | None, language: str) -> str:
    """``Wednesday, 5 May 2027``, ``Day 2``, or that it is not fixed."""
    say = WORDS[language]
    if number is None:
        return say["other_day"]
    if event.first_day is None:
        return f"{say['day']} {number}"
    day = event.first_day + timedelta(days=number - 1)
    return str(format_date(day, "full", locale=READ_AS[language]))


def slots(items: Iterable[PrintedItem], language: str) -> list[dict[str, Any]]:
    """Items that start together stand together; the time of a slot is that of all its items, and
    where they end apart each says until when."""
    found = []
    for (starts, text), group in groupby(items, key=lambda item: (item.starts, item.slot_text)):
        together = list(group)
        ends = {item.ends for item in together}
        same_end = starts is not None and len(ends) == 1
        time = clock(starts, ends.pop() if same_end else None) if starts else text or "–"
        shown = [entry(item, language, tell_end=not same_end) for item in together]
        found.append({"time": time, "items": shown})
    return found


def clock(starts: datetime | None, ends: datetime | None) -> str:
    """``09:00–10:30``; an end on another day says how many days later."""
    if starts is None:
        return ""
    if ends is None:
        return f"{starts:%H:%M}"
    later = (ends.date() - starts.date()).days
    return f"{starts:%H:%M}–{ends:%H:%M}" + (f" +{later}" if later else "")


def entry(item: PrintedItem, language: str, *, tell_end: bool) -> dict[str, Any]:
    """An item as the templates take it."""
    say = WORDS[language]
    until = f"{say['until']} {item.ends:%H:%M}" if tell_end and item.ends else None
    if item.zone is not None:
        until = ", ".join(filter(None, [until, item.zone]))
    mode = say[item.mode] if item.mode in ("online", "hybrid") else None
    spoken = [Locale(language).languages.get(tag.split("-")[0], tag) for tag in item.languages]
    return {
        "title": item.title,
        "until": until,
        "room": item.room,
        "track": item.track,
        "kind": KINDS[language].get(item.kind),
        "mode": mode,
        "languages": ", ".join(spoken) or None,
        "speakers": people(item.people, language),
    }


def people(named: Sequence[PrintedPerson], language: str) -> list[dict[str, Any]]:
    """Who takes part; a plain speaker needs no word for the role."""
    return [
        {
            "name": one.name,
            "role": ROLES[language].get(one.role),
            "affiliation": one.affiliation,
        }
        for one in named
    ]
