"""The passenger list of a visit on paper, to tick off at the bus door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from eventsvc.core.typeset import typeset

TEMPLATE = Path(__file__).parent / "templates" / "manifest.typ"

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "heading": "Passenger list", "page": "Page", "aboard": "Aboard", "name": "Name",
        "organisation": "Organisation", "stop": "Stop", "photos": "Photos",
        "no_photos": "no photos", "booked": "booked", "seats": "seats", "guide": "Guide",
        "no_bus": "Without a bus", "empty": "Nobody has a seat yet.",
        "confidential": "Personal data: destroy after the visit",
    },
    "de": {
        "heading": "Fahrgastliste", "page": "Seite", "aboard": "An Bord", "name": "Name",
        "organisation": "Organisation", "stop": "Haltestelle", "photos": "Fotos",
        "no_photos": "keine Fotos", "booked": "gebucht", "seats": "Plätze", "guide": "Begleitung",
        "no_bus": "Ohne Bus", "empty": "Noch hat niemand einen Platz.",
        "confidential": "Personenbezogene Daten: nach dem Besuch vernichten",
    },
    "fr": {
        "heading": "Liste des passagers", "page": "Page", "aboard": "À bord", "name": "Nom",
        "organisation": "Organisation", "stop": "Arrêt", "photos": "Photos",
        "no_photos": "pas de photos", "booked": "réservés", "seats": "places",
        "guide": "Accompagnement", "no_bus": "Sans bus", "empty": "Personne n’a encore de place.",
        "confidential": "Données personnelles : à détruire après la visite",
    },
}  # fmt: skip
COLUMNS = ("aboard", "name", "organisation", "stop", "photos")


@dataclass(frozen=True)
class PrintedLoad:
    """A bus (``name`` None: those without one), its stops as lines, and its passengers as
    (name, organisation, stop, whether photos are allowed)."""

    name: str | None
    seats: int | None
    guide: str | None
    stops: tuple[str, ...]
    passengers: Sequence[tuple[str, str | None, str | None, bool]]


def manifest(
    title: str, about: str, loads: Sequence[PrintedLoad], language: str, *, at: datetime
) -> bytes:
    """A page for each bus; ``about``: day, time and meeting point; ``at``: date of the data."""
    say = WORDS[language]
    told = {
        "title": f"{say['heading']}: {title}",
        "language": language,
        "page": say["page"],
        "footer": f"{title} · {say['confidential']}",
        "heading": say["heading"],
        "visit": title,
        "about": about,
        "columns": [say[name] for name in COLUMNS],
        "empty": say["empty"],
        "loads": [_load(load, say) for load in loads],
    }
    return typeset(TEMPLATE, told, at=at)


def _load(load: PrintedLoad, say: Mapping[str, str]) -> dict[str, object]:
    count = f"{len(load.passengers)} {say['booked']}"
    facts = [count if load.seats is None else f"{count}, {load.seats} {say['seats']}"]
    if load.guide:
        facts.append(f"{say['guide']}: {load.guide}")
    return {
        "name": load.name or say["no_bus"],
        "facts": [*facts, *load.stops],
        "rows": [
            [name, organisation or "", stop or "", "" if allowed else say["no_photos"]]
            for name, organisation, stop, allowed in load.passengers
        ],
    }
