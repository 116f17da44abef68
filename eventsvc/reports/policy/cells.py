"""Small cells of a breakdown of people, so that nobody is given away (reports.md §1.4).

Cells of one or two people are "<3". So that the total does not give them away, further cells are
held back until no hidden cell can be worked out by a reader who knows the rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

FEWEST = 3
"""Fewer people than this are not counted out."""

SHOWN, FEW, HELD_BACK = "shown", "few", "held-back"


@dataclass(frozen=True)
class Cell:
    """One line of a breakdown. ``count`` only where ``state`` is ``shown``."""

    key: str
    state: str
    count: int | None


def guarded(counts: Mapping[str, int]) -> list[Cell] | None:
    """The lines of a breakdown whose total is known; empty ones left out.

    Shown ones come first, the largest on top; hidden ones by name, as their order by size would
    give them away. None: too few people to break down at all.
    """
    ordered = sorted(
        ((key, count) for key, count in counts.items() if count > 0), key=lambda c: (-c[1], c[0])
    )
    few = [cell for cell in ordered if cell[1] < FEWEST]
    others = [cell for cell in reversed(ordered) if cell[1] >= FEWEST]
    held: list[tuple[str, int]] = []
    while few and not _ambiguous([c for _, c in few], [c for _, c in held]):
        if not others:
            return None
        held.append(others.pop(0))
    hidden = {key: FEW for key, _ in few} | {key: HELD_BACK for key, _ in held}
    shown = [Cell(key, SHOWN, count) for key, count in ordered if key not in hidden]
    return shown + [Cell(key, hidden[key], None) for key in sorted(hidden)]


def _ambiguous(few: list[int], held: list[int]) -> bool:
    """Whether each hidden cell may have two values, the sum of all hidden ones being known."""
    together = sum(few) + sum(held)
    least = len(few) + FEWEST * len(held)
    if not held:
        return least < together < (FEWEST - 1) * len(few)
    return together > least
