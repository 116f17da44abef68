"""Cells are texts; fields are strict. What a person writes in a cell, as the field takes it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from marshmallow import Schema, fields

from eventsvc.core.errors import FieldError
from eventsvc.core.text import (
    Boolean,
    Instant,
    Integer,
    ListOf,
    Part,
    Text,
    ValueRefused,
    zoned_instant,
)
from eventsvc.events.policy import instant_of

YES, NO = {"true", "yes", "1", "x"}, {"false", "no", "0"}
EMPTIED = "-"
"""A cell of this alone clears a field of something that is there; an empty one leaves it."""

_DIGITS = re.compile(r"-?[0-9]{1,12}")
_WALL = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]([0-9]{2}:[0-9]{2})(:[0-9]{2})?")


def typed(
    schema: Schema, cells: Mapping[str, Any], zone: str | None
) -> tuple[dict[str, Any], list[FieldError]]:
    """The cells of a row as ``schema`` takes them, and what cannot be said of time in ``zone``.

    ``consents.photo`` is the field ``photo`` of the part ``consents``. Lists are written with
    ``;`` or ``|`` between items; times without offset are those of ``zone`` (IANA). What is no
    better known is handed on as it is: the schema refuses it and says why.
    """
    told: dict[str, Any] = {}
    errors: list[FieldError] = []
    for name, cell in cells.items():
        part, _, below = name.partition(".")
        field = schema.load_fields.get(part)
        if below and isinstance(field, Part):
            inner = field.schema.load_fields.get(below)
            told.setdefault(part, {})[below] = _value(inner, cell, zone)
            continue
        try:
            told[name] = _value(field, cell, zone)
        except ValueRefused as refusal:
            errors.append(FieldError(f"/{name}", refusal.code, refusal.detail))
    return told, errors


def _value(field: fields.Field[Any] | None, cell: Any, zone: str | None) -> Any:
    if isinstance(field, ListOf):
        items = [item.strip() for item in re.split(r"[;|]", str(cell))]
        return [] if cell == EMPTIED else [_value(field.inner, i, zone) for i in items if i]
    if cell == EMPTIED and field is not None and field.allow_none:
        return None
    if isinstance(field, Instant):
        return _instant(str(cell), zone)
    for kind, reading in ((Boolean, _truth), (Integer, _number), (Text, _words)):
        if isinstance(field, kind):
            return reading(cell)
    return cell


def _truth(cell: Any) -> Any:
    word = str(cell).strip().lower()
    return word in YES if word in YES | NO else cell


def _number(cell: Any) -> Any:
    digits = None if isinstance(cell, bool) else _DIGITS.fullmatch(str(cell).strip())
    return int(digits[0]) if digits else cell


def _words(cell: Any) -> Any:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return str(cell) if isinstance(cell, int | float) else cell


def _instant(text: str, zone: str | None) -> str:
    """A wall time with the offset of ``zone``; anything else as it is."""
    found = _WALL.fullmatch(text.strip())
    if found is None or zone is None:
        return text
    try:
        wall = datetime.fromisoformat(f"{found[1]}T{found[2]}{found[3] or ':00'}")
    except ValueError:
        return text
    return zoned_instant(instant_of(wall, zone), zone)
