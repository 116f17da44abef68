"""JSON bodies, read without surprises (api.md §2, §14; security.md row 23)."""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn

from eventsvc.core.errors import MalformedRequest

DEEPEST = 32
"""Arrays and objects that may stand in each other."""

MOST_DIGITS = 30
"""Digits of one number, its exponent included."""

# a whole string (or what is left of an open one), a bracket, or a run of number characters;
# possessive, so that no text makes it go back
_MARKS = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{}]|[0-9.eE+-]++', re.DOTALL)


def load_json(raw: bytes) -> Any:
    """The value of a JSON text in UTF-8.

    Raises ``MalformedRequest`` with code ``malformed-json`` for bad UTF-8, bad JSON, NaN and
    Infinity (also as ``1e999``), a key given twice in one object, more than 32 levels, and a
    number of more than 30 digits. Depth and digits are counted before anything is built.
    Lone surrogates written as ``\\ud800`` pass: the fields refuse them.
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _malformed("The body is not UTF-8") from error
    _measure(text)
    try:
        return json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_no_constant,
            parse_float=_finite,
        )
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise _malformed(f"The body is not JSON: see {where}") from error


def _measure(text: str) -> None:
    depth = 0
    for found in _MARKS.finditer(text):
        mark = found.group()
        first = mark[0]
        if first in "[{":
            depth += 1
            if depth > DEEPEST:
                raise _malformed(f"More than {DEEPEST} levels")
        elif first in "]}":
            depth -= 1
        elif first != '"' and sum(map(str.isdigit, mark)) > MOST_DIGITS:
            raise _malformed(f"A number of more than {MOST_DIGITS} digits")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    built = dict(pairs)
    if len(built) != len(pairs):
        raise _malformed("A key is given twice in one object")
    return built


def _no_constant(name: str) -> NoReturn:
    raise _malformed(f"{name} is not JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise _malformed("A number is too large")
    return number


def _malformed(detail: str) -> MalformedRequest:
    return MalformedRequest(detail, code="malformed-json")
