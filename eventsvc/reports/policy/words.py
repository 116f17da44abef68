"""A figure with its operator in the reader's language: "more than 120" (reports.md §1.2)."""

from __future__ import annotations

from babel import Locale
from babel.numbers import format_decimal

from eventsvc.reports.policy.bounds import Bound

LANGUAGES = ("en", "de", "fr")
READ_AS = {"en": Locale.parse("en_GB"), "de": Locale.parse("de"), "fr": Locale.parse("fr")}
"""English of the series is read across Europe."""

_WORDS = {
    "en": {"=": "", ">": "more than ", "≥": "at least ", "~": "about ", "<": "fewer than ",
           "≤": "at most "},
    "de": {"=": "", ">": "mehr als ", "≥": "mindestens ", "~": "rund ", "<": "weniger als ",
           "≤": "höchstens "},
    "fr": {"=": "", ">": "plus de ", "≥": "au moins ", "~": "environ ", "<": "moins de ",
           "≤": "au plus "},
}  # fmt: skip


def language_of(locale: str | None) -> str:
    """The language of a report for a reader's locale; English where it is not written."""
    language = (locale or "").replace("_", "-").partition("-")[0].lower()
    return language if language in LANGUAGES else "en"


def number_in(value: int, language: str) -> str:
    """``1,200``, „1.200“, « 1 200 »."""
    written: str = format_decimal(value, locale=READ_AS[language])
    return written


def figure_in(figure: Bound, language: str) -> str:
    """``more than 120``, „mehr als 120“, « plus de 120 »."""
    return _WORDS[language][figure.operator] + number_in(figure.value, language)
