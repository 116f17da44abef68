"""Whether one answer fits its question. Pure; nothing is coerced (api.md §2)."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any

from eventsvc.core.text import Boolean, CountryCode, Date, Text, ValueRefused

FIRST_DAY = date(1900, 1, 1)
SHORT, LONG = 200, 5_000
LARGEST = 10**12
"""Numbers beyond it are slips of the keyboard."""


def answer_of(question: Mapping[str, Any], given: Any) -> tuple[Any, ValueRefused | None]:
    """The answer as plain JSON, or what is wrong with it."""
    try:
        return _READERS[question["type"]](question, given), None
    except ValueRefused as refusal:
        return None, refusal


def fits(given: Any, one_of: Collection[str]) -> bool:
    """Whether an answer is one of these words; of several answers one is enough."""
    if isinstance(given, bool):
        return str(given).lower() in one_of
    if isinstance(given, list):
        return any(isinstance(one, str) and one in one_of for one in given)
    return isinstance(given, str) and given in one_of


def _text(question: Mapping[str, Any], given: Any) -> str:
    long = question["type"] == "long_text"
    most = question.get("max_length") or (LONG if long else SHORT)
    return Text(max_length=most, multiline=long).read(given)


def _single(question: Mapping[str, Any], given: Any) -> str:
    known = [choice["key"] for choice in question["choices"]]
    if not isinstance(given, str) or given not in known:
        raise ValueRefused("not-a-choice", f"One of: {', '.join(known)}")
    return given


def _multiple(question: Mapping[str, Any], given: Any) -> list[str]:
    if not isinstance(given, list):
        raise ValueRefused("invalid-type", "Give a list")
    chosen = [_single(question, one) for one in given]
    if len(set(chosen)) < len(chosen):
        raise ValueRefused("duplicate-item", "Something is chosen twice")
    return chosen


def _number(question: Mapping[str, Any], given: Any) -> int | float:
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise ValueRefused("invalid-type", "Give a number")
    least = -LARGEST if question.get("minimum") is None else question["minimum"]
    most = LARGEST if question.get("maximum") is None else question["maximum"]
    if not math.isfinite(given) or not least <= given <= most:
        raise ValueRefused("out-of-range", f"From {least} to {most}")
    return given


def _date(_question: Mapping[str, Any], given: Any) -> str:
    # a day of birth or of issue may lie before the years of events
    return Date(minimum=FIRST_DAY).read(given).isoformat()


def _country(_question: Mapping[str, Any], given: Any) -> str:
    return CountryCode().read(given)


def _checkbox(question: Mapping[str, Any], given: Any) -> bool:
    ticked = Boolean().read(given)
    if question.get("required") and not ticked:
        raise ValueRefused("must-be-ticked", "This has to be ticked")
    return ticked


_READERS: dict[str, Callable[[Mapping[str, Any], Any], Any]] = {
    "text": _text,
    "long_text": _text,
    "single": _single,
    "multiple": _multiple,
    "number": _number,
    "date": _date,
    "country": _country,
    "checkbox": _checkbox,
}
