"""Who sits on panels, where speakers stated it: counts only (editions.md §9.28). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

GENDERS = ("woman", "man", "other", "not_said")
STATED = ("woman", "man", "other")
ON_STAGE = frozenset({"speaker", "keynote", "moderator", "panellist"})
"""Roles that count as being on a panel."""
FEWEST = 2
"""People that make a panel."""
ALL_MALE, ONLY_MEN_STATED = "all-male", "only-men-stated"


@dataclass(frozen=True)
class Balance:
    """Counts of one panel or of all. ``share_of_women`` is of those who stated; None: nobody did.

    ``not_said`` holds who chose not to say and who was never asked alike.
    """

    people: int
    women: int
    men: int
    other: int
    not_said: int
    stated: int
    share_of_women: float | None
    warning: str | None


def balance_of(stated: Mapping[str, str | None]) -> Balance:
    """The balance of these people: person → what they stated, or None."""
    counts = dict.fromkeys(GENDERS, 0)
    for gender in stated.values():
        counts[gender or "not_said"] += 1
    said = sum(counts[gender] for gender in STATED)
    return Balance(
        people=len(stated),
        women=counts["woman"],
        men=counts["man"],
        other=counts["other"],
        not_said=counts["not_said"],
        stated=said,
        share_of_women=round(counts["woman"] / said, 3) if said else None,
        warning=_warning(len(stated), said, counts["man"]),
    )


def _warning(people: int, stated: int, men: int) -> str | None:
    if people < FEWEST or stated < FEWEST or men < stated:
        return None
    return ALL_MALE if stated == people else ONLY_MEN_STATED


def is_panel(kind: str, people: Iterable[str]) -> bool:
    """Whether a session is counted: a panel, or whatever has two people on stage."""
    return kind == "panel" or len(set(people)) >= FEWEST
