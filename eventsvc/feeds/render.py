"""The page that tells how to subscribe to the calendars of an edition; pure."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

TEMPLATES = Path(__file__).parent / "templates"
WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "Calendar",
        "lead": "Your calendar program shows the programme and follows every change.",
        "address": "Address to copy",
        "open": "Open",
        "parts": "Only a part",
        "tracks": "Tracks",
        "rooms": "Rooms",
        "types": "Kinds of sessions",
        "back": "Back to the event",
    },
    "de": {
        "title": "Kalender",
        "lead": "Ihr Kalenderprogramm zeigt das Programm und folgt jeder Änderung.",
        "address": "Adresse zum Kopieren",
        "open": "Öffnen",
        "parts": "Nur ein Teil",
        "tracks": "Themenstränge",
        "rooms": "Räume",
        "types": "Arten von Sitzungen",
        "back": "Zurück zur Veranstaltung",
    },
    "fr": {
        "title": "Calendrier",
        "lead": "Votre calendrier montre le programme et suit chaque changement.",
        "address": "Adresse à copier",
        "open": "Ouvrir",
        "parts": "Une partie seulement",
        "tracks": "Parcours",
        "rooms": "Salles",
        "types": "Types de sessions",
        "back": "Retour à l’événement",
    },
}


def subscribe_page(shown: Mapping[str, Any]) -> str:
    """The page of what ``SubscribeOut`` answers."""
    folders = [part["folder"] for part in shown["parts"]]
    return _environment().get_template("subscribe.html").render(
        say=WORDS[shown["language"]], folders=list(dict.fromkeys(folders)), **shown
    )  # fmt: skip


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
