"""Arithmetic of stated figures: a bound where all operators allow it (reports.md §1.2).

A figure is an operator (``= > ≥ ~ <``; a difference also has ``≤``) and a whole number. ">120" is
not 120: only what follows for certain is said.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

EXACT, ABOUT = "=", "~"
_ABOVE = (">", "≥")
_MIRRORED = {"=": "=", "~": "~", ">": "<", "≥": "≤", "<": ">", "≤": "≥"}


@dataclass(frozen=True)
class Bound:
    """A number with its operator: ``Bound(">", 120)``."""

    operator: str
    value: int


def total(figures: Iterable[Bound]) -> Bound | None:
    """What the sum of the figures is known to be, or None.

    ">70" and ">120" are more than 190; "~" goes with nothing, nor do lower with upper bounds.
    """
    given = list(figures)
    if len(given) == 1:
        return given[0]
    operators = {figure.operator for figure in given} - {EXACT}
    if not given or ABOUT in operators or len({_side(one) for one in operators}) > 1:
        return None
    strictest = next((one for one in (">", "<", "≥", "≤") if one in operators), EXACT)
    return Bound(strictest, sum(figure.value for figure in given))


def _side(operator: str) -> str:
    return "above" if operator in _ABOVE else "below"


def holds(stated: Bound, number: int) -> bool | None:
    """Whether an exact number fits a stated figure; None where "about" says neither."""
    if stated.operator == ABOUT:
        return None
    return {
        "=": number == stated.value,
        ">": number > stated.value,
        "≥": number >= stated.value,
        "<": number < stated.value,
        "≤": number <= stated.value,
    }[stated.operator]


def difference(stated: Bound, counted: int) -> Bound:
    """Counted less stated: 131 against ">120" is less than 11, 98 against "=100" is −2."""
    return Bound(_MIRRORED[stated.operator], counted - stated.value)
