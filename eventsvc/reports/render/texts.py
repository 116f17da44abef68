"""The words of a report in one language: sentences, names of figures, countries, days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from eventsvc.reports.policy import READ_AS, Bound, figure_in, number_in
from eventsvc.reports.render.labels import LABELS

TEMPLATES = Path(__file__).parent.parent / "templates"
ENGLISH = "en"


@dataclass(frozen=True)
class Texts:
    """Everything that depends on the reader's language. English sentences are the keys."""

    language: str
    sentences: Mapping[str, str | tuple[str, ...]]

    def gettext(self, sentence: str) -> str:
        """The sentence in this language; the English one where it is not translated."""
        found = self.sentences.get(sentence)
        return found if isinstance(found, str) else sentence

    def ngettext(self, one: str, many: str, number: int) -> str:
        """The form for ``number`` things. French counts 0 as singular (Unicode CLDR)."""
        single = number == 1 or (number == 0 and self.language == "fr")
        found = self.sentences.get(one, (one, many))
        return found[0 if single else 1] if isinstance(found, tuple) else one

    def label(self, word: str, group: str | None = None) -> str:
        """The name of a metric, role, state or type; what has none is shown as it is."""
        named = LABELS.get(f"{group}.{word}" if group else word)
        if named is None:
            return word.replace("_", " ").capitalize()
        return self.gettext(named)

    def figure(self, figure: Mapping[str, Any] | None) -> str:
        """``more than 120``."""
        if figure is None or figure["value"] is None:
            return "–"
        return figure_in(Bound(figure["operator"], figure["value"]), self.language)

    def number(self, value: int) -> str:
        """``1,200``."""
        return number_in(value, self.language)

    def percent(self, value: int) -> str:
        """``85%``, as the language spaces it."""
        return f"{value}%" if self.language == ENGLISH else f"{value}\u00a0%"

    def country(self, code: str) -> str:
        """The name of a country."""
        name: str = READ_AS[self.language].territories.get(code, code)
        return name

    def day(self, iso: str, *, long: bool = False) -> str:
        """``5 May 2027``, or with the day of the week."""
        style: Any = "full" if long else "long"
        return format_date(date.fromisoformat(iso), style, locale=READ_AS[self.language])

    def instant(self, iso: str, zone: str | None) -> str:
        """``6 May 2027, 18:00``, in ``zone``, which is named."""
        where = ZoneInfo(zone or "UTC")
        at = datetime.fromisoformat(iso).astimezone(where)
        pattern = {"de": "d. MMMM yyyy, HH:mm"}.get(self.language, "d MMMM yyyy, HH:mm")
        written = format_datetime(at, pattern, tzinfo=where, locale=READ_AS[self.language])
        return f"{written} ({zone or 'UTC'})"

    def month(self, iso: str) -> str:
        """``April 2025``."""
        return format_date(
            date.fromisoformat(f"{iso}-01"), "MMMM yyyy", locale=READ_AS[self.language]
        )

    def span(self, dates: Mapping[str, Any]) -> str | None:
        """When an event is, as far as it is known; no day is invented (design law 7)."""
        first, last = dates["starts_on"], dates["ends_on"]
        if dates["precision"] == "day" and first:
            one = self.day(first)
            return one if not last or last == first else f"{one} – {self.day(last)}"
        if dates["precision"] == "month" and dates["month"]:
            return self.month(dates["month"])
        return str(dates["year"]) if dates["year"] else None


@cache
def texts_in(language: str) -> Texts:
    """The words of ``language`` (``en``, ``de``, ``fr``), read once."""
    if language == ENGLISH:
        return Texts(ENGLISH, {})
    with (TEMPLATES / "catalogue" / f"{language}.po").open("rb") as file:
        return Texts(language, _sentences(read_po(file, locale=language)))


def _sentences(catalogue: Catalog) -> dict[str, str | tuple[str, ...]]:
    found: dict[str, str | tuple[str, ...]] = {}
    for message in catalogue:
        key = message.id if isinstance(message.id, str) else message.id[0]
        said = message.string
        if key and said and not message.fuzzy:
            found[key] = said if isinstance(said, str) else tuple(said)
    return found
