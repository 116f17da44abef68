"""The public page of an event as HTML, from what the public API answers; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache, partial
from itertools import groupby
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from eventsvc.core.media import EXTENSIONS

TEMPLATES = Path(__file__).parent / "templates"
READ_AS = {"en": "en_GB", "de": "de_DE", "fr": "fr_FR"}
WEB = ("https://", "http://")
WITHOUT_SERIES = "-"

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "when": "When", "where": "Where", "online": "Online", "hybrid": "On site and online",
        "date_open": "The date is not fixed yet", "day": "Day",
        "other_day": "Day not fixed yet", "programme": "Programme", "speakers": "Speakers",
        "no_programme": "The programme is not public yet.", "links": "Links",
        "documents": "Documents", "calendar": "Calendar", "subscribe": "Subscribe to the calendar",
        "calendar_more": "Step by step",
        "calendar_hint": "Your calendar program then shows the programme and follows every change."
        " If the first link does not open it, copy the second address into the program.",
        "cancelled": "This event was cancelled.", "postponed": "This event was postponed.",
        "item_cancelled": "Cancelled", "item_planned": "Provisional", "visit": "Site visit",
        "series": "Series", "side_events": "Side events", "part_of": "Part of",
        "synthetic": "This event is made up, for trying the service.",
    },
    "de": {
        "when": "Wann", "where": "Wo", "online": "Online", "hybrid": "Vor Ort und online",
        "date_open": "Der Termin steht noch nicht fest", "day": "Tag",
        "other_day": "Tag noch offen", "programme": "Programm", "speakers": "Mitwirkende",
        "no_programme": "Das Programm ist noch nicht öffentlich.", "links": "Links",
        "documents": "Dokumente", "calendar": "Kalender", "subscribe": "Kalender abonnieren",
        "calendar_more": "Schritt für Schritt",
        "calendar_hint": "Ihr Kalenderprogramm zeigt dann das Programm und folgt jeder Änderung."
        " Öffnet der erste Link es nicht, kopieren Sie die zweite Adresse in das Programm.",
        "cancelled": "Diese Veranstaltung wurde abgesagt.",
        "postponed": "Diese Veranstaltung wurde verschoben.",
        "item_cancelled": "Abgesagt", "item_planned": "Vorläufig", "visit": "Besichtigung",
        "series": "Reihe", "side_events": "Begleitveranstaltungen", "part_of": "Teil von",
        "synthetic": "Diese Veranstaltung ist erfunden, zum Ausprobieren.",
    },
    "fr": {
        "when": "Quand", "where": "Où", "online": "En ligne", "hybrid": "Sur place et en ligne",
        "date_open": "La date n’est pas encore fixée", "day": "Jour",
        "other_day": "Jour non fixé", "programme": "Programme", "speakers": "Intervenants",
        "no_programme": "Le programme n’est pas encore public.", "links": "Liens",
        "documents": "Documents", "calendar": "Calendrier", "subscribe": "S’abonner au calendrier",
        "calendar_more": "Pas à pas",
        "calendar_hint": "Votre calendrier montre alors le programme et suit chaque changement. Si"
        " le premier lien ne l’ouvre pas, copiez la seconde adresse dans le programme.",
        "cancelled": "Cet événement est annulé.", "postponed": "Cet événement est reporté.",
        "item_cancelled": "Annulé", "item_planned": "Provisoire", "visit": "Visite",
        "series": "Série", "side_events": "Événements associés", "part_of": "Fait partie de",
        "synthetic": "Cet événement est inventé, pour essayer le service.",
    },
}  # fmt: skip


def event_page(event: Mapping[str, Any], agenda: Mapping[str, Any] | None, *, base_url: str) -> str:
    """The page of ``event`` (as ``PublicEventOut`` answers it), in its first language of ours.

    ``agenda`` is what ``PublicAgendaOut`` answers, or None while it is not public.
    """
    language = language_of(event)
    series = (event["series"] or {}).get("slug", WITHOUT_SERIES)
    feed = f"{base_url}/calendars/{series}/{event['slug']}.ics"
    return _environment().get_template("event.html").render(
        language=language,
        say=WORDS[language],
        event=event,
        series_slug=series,
        dates=dates_of(event, language),
        places=places_of(event, language),
        days=days_of(event, agenda["items"], language) if agenda else [],
        speakers=agenda["speakers"] if agenda else [],
        public=agenda is not None,
        pages=pages_of(event, language),
        documents=[one for one in event["documents"] if _address(series, event, one)],
        address_of=partial(_address, series, event),
        size_of=partial(_size, READ_AS[language]),
        links=[link for link in event["links"] if (link["url"] or "").startswith(WEB)],
        https=feed,
        subscribe=f"{feed.removesuffix('.ics')}/subscribe",
        webcal="webcal://" + feed.partition("://")[2],
    )  # fmt: skip


@cache
def stylesheet() -> bytes:
    """The stylesheet of the page."""
    return (TEMPLATES / "event.css").read_bytes()


def language_of(event: Mapping[str, Any]) -> str:
    """The first of the event's languages that we speak, else English."""
    spoken = (tag.split("-")[0] for tag in event["languages"])
    return next((tag for tag in spoken if tag in WORDS), "en")


def pages_of(event: Mapping[str, Any], language: str) -> list[Mapping[str, Any]]:
    """The pages of an event in ``language``, or all where none is in it."""
    pages: list[Mapping[str, Any]] = event["pages"]
    spoken = [page for page in pages if page["language"].split("-")[0] == language]
    return spoken or pages


def _address(series: str, event: Mapping[str, Any], document: Mapping[str, Any]) -> str | None:
    """Where a document is opened: its link, or its file in the API."""
    if document["content"]:
        return f"/api/v1/public/events/{series}/{event['slug']}/documents/{document['id']}/content"
    url: str | None = document["url"]
    return url


def _size(locale: str, document: Mapping[str, Any]) -> str:
    """Kind and size of a file as people read them: PDF, 1.2 MB (10^6 octets)."""
    content = document["content"]
    size = content["size"] / 1000
    written = (size / 1000, "MB") if size >= 1000 else (max(size, 1), "kB")
    number = format_decimal(written[0], format="#,##0.#", locale=locale)
    ending = EXTENSIONS.get(content["media_type"], "").upper()
    return f"{ending}, {number} {written[1]}"


def dates_of(event: Mapping[str, Any], language: str) -> str:
    """When the event is, as exactly as it is known; times in its zone, which is named."""
    locale = READ_AS[language]
    if event["starts_on"]:
        first, last = (date.fromisoformat(event[name]) for name in ("starts_on", "ends_on"))
        days = [_day(first, locale)] + ([_day(last, locale)] if last != first else [])
        return " – ".join(days)
    if event["starts_at"]:
        return _times(event, locale)
    if event["month"]:
        month = date.fromisoformat(f"{event['month']}-01")
        return format_date(month, "MMMM yyyy", locale=locale)
    return str(event["year"]) if event["year"] else WORDS[language]["date_open"]


def _times(event: Mapping[str, Any], locale: str) -> str:
    starts, ends = _wall(event["starts_at"]), _wall(event["ends_at"])
    written = f"{_day(starts, locale)}, {_clock(starts, locale)}"
    if ends and starts and ends.date() != starts.date():
        written += f" – {_day(ends, locale)}, {_clock(ends, locale)}"
    elif ends:
        written += f"–{_clock(ends, locale)}"
    return f"{written} ({event['timezone'] or 'UTC'})"


def places_of(event: Mapping[str, Any], language: str) -> list[str]:
    """Where the event is: its venues, else its town."""
    say = WORDS[language]
    if event["mode"] == "online":
        return [say["online"]]
    found = [
        _joined(
            venue["name"],
            venue["street"],
            " ".join(filter(None, [venue["postcode"], venue["city"] or event["city"]])),
            _country(venue["country"] or event["country"], language),
        )
        for venue in event["venues"]
    ] or [_joined(event["city"], _country(event["country"], language))]
    hybrid = [say["hybrid"]] if event["mode"] == "hybrid" else []
    return [line for line in [*found, *hybrid] if line]


def days_of(
    event: Mapping[str, Any], items: Sequence[Mapping[str, Any]], language: str
) -> list[dict[str, Any]]:
    """The programme by day, in its order; each item with its time as it is printed."""
    return [
        {
            "title": _day_title(event, number, language),
            "entries": [{**item, "time": _time(event, item, language)} for item in group],
        }
        for number, group in groupby(items, key=lambda item: item["day"])
    ]


def _day_title(event: Mapping[str, Any], number: int | None, language: str) -> str:
    say = WORDS[language]
    if number is None:
        return say["other_day"]
    first = event["starts_on"] or (event["starts_at"] or "")[:10]
    if not first:
        return f"{say['day']} {number}"
    day = date.fromisoformat(first) + timedelta(days=number - 1)
    return f"{say['day']} {number}: {_day(day, READ_AS[language])}"


def _time(event: Mapping[str, Any], item: Mapping[str, Any], language: str) -> str | None:
    """``09:00–10:30``, with the zone where it is not the event's; else the printed slot."""
    if not item["starts_at"]:
        return str(item["slot_text"]) if item["slot_text"] else None
    locale = READ_AS[language]
    written = _clock(_wall(item["starts_at"]), locale)
    if item["ends_at"]:
        written += f"–{_clock(_wall(item['ends_at']), locale)}"
    own = item["timezone"] != (event["timezone"] or item["timezone"])
    return f"{written} ({item['timezone']})" if own else written


def _wall(instant: str | None) -> datetime | None:
    """An instant of the API in its own zone, as it stands on clocks there."""
    return datetime.fromisoformat(instant).replace(tzinfo=None) if instant else None


def _day(day: date | None, locale: str) -> str:
    return format_date(day, "full", locale=locale)


def _clock(wall: datetime | None, locale: str) -> str:
    return format_time(wall, "HH:mm", locale=locale)


def _country(code: str | None, language: str) -> str | None:
    return Locale(language).territories.get(code, code) if code else None


def _joined(*parts: str | None) -> str:
    return ", ".join(filter(None, parts))


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
