"""HTML, text and JSON of a report, made from the snapshot alone (reports.md §2.8)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import groupby
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from eventsvc.reports.render.sentences import compared, headline
from eventsvc.reports.render.texts import TEMPLATES, Texts, texts_in

FORMATS = {
    "html": "text/html; charset=utf-8",
    "text": "text/plain; charset=utf-8",
    "json": "application/json",
}
"""Format → media type."""

STATES = ("confirmed", "attended", "no_show", "offered", "waitlisted", "pending", "cancelled")
MESSAGES = ("mail.", "calendars.")
SAID_BY_NAME = ("eu_countries", "eu_member_states")
_EMPTY_LINES = re.compile(r"\n{3,}")


def render(snapshot: Mapping[str, Any], form: str, language: str) -> bytes:
    """The report in a format of :data:`FORMATS` and a language of ``policy.LANGUAGES``.

    Raises:
        KeyError: there is no such format.
    """
    if form == "json":
        return _json(snapshot)
    texts = texts_in(language)
    name = {"html": "report.html", "text": "report.txt"}[form]
    page = _environment(language, escapes=form == "html").get_template(name)
    written = page.render(_context(snapshot, texts))
    return (_tidied(written) if form == "text" else written).encode()


def _json(snapshot: Mapping[str, Any]) -> bytes:
    return json.dumps(snapshot, ensure_ascii=False, indent=2, sort_keys=True).encode() + b"\n"


def _context(snapshot: Mapping[str, Any], texts: Texts) -> dict[str, Any]:
    figures = snapshot["figures"]
    return {
        "texts": texts,
        "language": texts.language,
        "colon": "\u00a0:" if texts.language == "fr" else ":",
        "event": snapshot["event"],
        "headline": headline(snapshot, texts),
        "glance": [
            {**row, "compared": compared(row, texts), "unit": _unit(row)}
            for row in snapshot["glance"]
        ],
        "sources": _sources(figures),
        "figures": {one["id"]: one for one in figures if one["kind"] == "counted"},
        "states": _states(snapshot.get("registrations", {})),
        "days": _days(snapshot.get("programme", [])),
        "messages": [one for one in figures if one["id"].startswith(MESSAGES) and one["value"]],
        "part": snapshot.get,
    }


def _unit(row: Mapping[str, Any]) -> str | None:
    """The unit as printed, where the name of the figure does not say it already."""
    stated = row["stated"]
    return None if stated is None or row["metric"] in SAID_BY_NAME else stated.get("unit")


def _sources(figures: Sequence[Mapping[str, Any]]) -> list[str]:
    stated = [one["source"] for one in figures if one["kind"] == "stated" and one["source"]]
    return list(dict.fromkeys(stated))


def _states(modes: Mapping[str, Mapping[str, int]]) -> dict[str, Any]:
    """A table of registrations: one line per state that occurs, one column per mode."""
    names = [mode for mode in ("on_site", "online") if mode in modes]
    lines = []
    for state in STATES:
        counts = [modes[mode].get(state, 0) for mode in names]
        if any(counts):
            lines.append({"state": state, "counts": counts, "total": sum(counts)})
    return {"modes": names, "lines": lines}


def _days(programme: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The programme day by day; a day is known by its date, by its number, or not at all."""
    days = groupby(programme, key=lambda item: item["on"] or item["day"])
    found = [list(entries) for _, entries in days]
    return [{"day": one[0]["day"], "on": one[0]["on"], "entries": one} for one in found]


def _tidied(text: str) -> str:
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return _EMPTY_LINES.sub("\n\n", lines).strip() + "\n"


@cache
def _environment(language: str, *, escapes: bool) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=escapes,  # noqa: S701  the text/plain page is not markup
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    texts = texts_in(language)
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        texts.gettext, texts.ngettext, newstyle=True
    )
    return environment
