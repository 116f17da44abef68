"""The figures of a report at a glance, in words, for a letter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from eventsvc.reports.render import Texts, headline, texts_in


@dataclass(frozen=True)
class Line:
    """A figure in words; None: not stated, not recorded."""

    label: str
    stated: str | None
    counted: str | None


@dataclass(frozen=True)
class Glance:
    """The headline and the figures at a glance."""

    headline: str
    rows: tuple[Line, ...]


def glance_in(snapshot: Mapping[str, Any], language: str) -> Glance:
    """The headline and figures of a snapshot in ``language`` (``policy.LANGUAGES``)."""
    texts = texts_in(language)
    rows = tuple(
        Line(texts.label(row["metric"]), _said(row["stated"], texts), _said(row["counted"], texts))
        for row in snapshot["glance"]
    )
    return Glance(headline(snapshot, texts), rows)


def _said(figure: Mapping[str, Any] | None, texts: Texts) -> str | None:
    return None if figure is None or figure["value"] is None else texts.figure(figure)
