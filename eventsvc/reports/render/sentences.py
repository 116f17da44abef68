"""Sentences put together from a snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from eventsvc.reports.render.texts import Texts

_ORIGINS = {
    "countries": ("%(figure)s country", "%(figure)s countries"),
    "participants.countries": ("%(figure)s country", "%(figure)s countries"),
    "eu_countries": ("%(figure)s EU country", "%(figure)s EU countries"),
    "eu_member_states": ("%(figure)s EU Member State", "%(figure)s EU Member States"),
}


def headline(snapshot: Mapping[str, Any], texts: Texts) -> str:
    """``The 20th Clusters meet Regions brought more than 120 participants from …``.

    Without a figure it is only the name and the place: nothing is claimed.
    """
    event, figures = snapshot["event"], snapshot["headline"]
    people, origin = figures["participants"], figures["countries"]
    place = event["region"] or event["city"]
    told = {
        "subject": _subject(event, texts),
        "place": place,
        "people": _counted(people, ("%(figure)s participant", "%(figure)s participants"), texts),
        "origin": _counted(origin, _ORIGINS[origin["metric"]], texts) if origin else "",
    }
    if people is None:
        sentence = "%(subject)s, %(place)s" if place else "%(subject)s"
    elif place and origin:
        sentence = "%(subject)s brought %(people)s from %(origin)s to %(place)s."
    elif place:
        sentence = "%(subject)s brought %(people)s to %(place)s."
    elif origin:
        sentence = "%(subject)s brought together %(people)s from %(origin)s."
    else:
        sentence = "%(subject)s brought together %(people)s."
    return texts.gettext(sentence) % told


def compared(row: Mapping[str, Any], texts: Texts) -> str:
    """How a count stands to a statement: ``fits``, ``2 more counted``, ``at least 23 fewer …``."""
    apart = row["difference"]
    if apart is None:
        return ""
    if apart["fits"]:
        return texts.gettext("fits")
    if apart["value"] == 0 and apart["operator"] == "~":
        return texts.gettext("about the same")
    strict = apart["operator"] in ("<", ">")  # 120 against ">120" is at least 1 fewer
    bounded = strict or apart["operator"] in ("≤", "≥")
    number = abs(apart["value"]) + int(strict)
    fewer = apart["value"] < 0 or (apart["value"] == 0 and apart["operator"] == "<")
    figure = texts.figure({"operator": "≥" if bounded else apart["operator"], "value": number})
    sentence = "%(figure)s fewer counted" if fewer else "%(figure)s more counted"
    return texts.gettext(sentence) % {"figure": figure}


def _subject(event: Mapping[str, Any], texts: Texts) -> str:
    if not event["edition"] or not event["series"]:
        return str(event["title"])
    told = {
        "number": ordinal(event["edition"], texts.language),
        "series": event["series"]["name"],
    }
    return texts.gettext("The %(number)s %(series)s") % told


def _counted(figure: Mapping[str, Any] | None, forms: tuple[str, str], texts: Texts) -> str:
    if figure is None:
        return ""
    return texts.ngettext(*forms, figure["value"]) % {"figure": texts.figure(figure)}


def ordinal(number: int, language: str) -> str:
    """``20th``, ``20.``, ``20e``."""
    if language == "de":
        return f"{number}."
    if language == "fr":
        return "1re" if number == 1 else f"{number}e"
    teens = 10 <= number % 100 <= 20
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"
