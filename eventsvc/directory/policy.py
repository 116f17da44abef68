"""What may be in the directory, and when two names look alike. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from eventsvc.core.errors import FieldError
from eventsvc.core.text import search_key

KINDS = (
    "cluster",
    "metacluster",
    "cluster_network",
    "cluster_partnership",
    "public_authority",
    "eu_institution",
    "eu_body",
    "eu_platform",
    "business_development",
    "industry_association",
    "company",
    "consultancy",
    "university",
    "research",
    "knowledge_community",
    "innovation_park",
    "digital_innovation_hub",
    "initiative",
    "programme",
    "policy",
    "expert_group",
    "label_scheme",
    "permanent_forum",
    "other",
    "unknown",
)
KIND_BASES = ("printed", "from_name", "inferred", "not_printed")
COUNTRY_BASES = ("printed", "context", "from_name", "gazetteer", "not_printed")
PHASES = ("concept", "implementation")
OPERATORS = ("=", ">", "≥", "~", "<")

# Titles that stand before or after a name. Those of the second group are also names or words, so
# they count only with a dot ("Mag. Eva Muster", but "Ing Wong").
_TITLES = frozenset(
    {"dr", "ddr", "prof", "professor", "univ-prof", "dr-ing", "dipl-ing", "dr-h-c", "phd", "msc",
     "mba", "bsc", "llm", "dphil"}
)  # fmt: skip
_DOTTED_TITLES = frozenset(
    {"mag", "ing", "dipl", "doc", "pd", "priv-doz", "h-c", "hc", "habil", "med", "phil", "rer",
     "nat", "pol", "oec", "iur", "jur", "techn", "ph-d", "m-sc", "b-sc", "m-a", "b-a", "ao",
     "univ", "em", "doz", "assoc"}
)  # fmt: skip
_RUN_TOGETHER = re.compile(r"\b(dr|prof)\.(?=[a-z])")
_DIGITS = re.compile(r"\d+")
_SLUG_GAPS = re.compile(r"[^a-z0-9]+")


def organisation_key(name: str) -> str:
    """The form under which names of organisations are compared."""
    return search_key(name)


def person_key(name: str) -> str:
    """The form under which names of persons are compared: folded, without academic titles.

    "Dr. Jan-Philipp Kramer" and "Jan-Philipp Kramer" meet. A name is never stripped to nothing.
    """
    words = _RUN_TOGETHER.sub(r"\1. ", search_key(name)).replace(",", " , ").split()
    kept = [word for word in words if word != "," and not _is_title(word)]
    return " ".join(kept) or search_key(name)


def _is_title(word: str) -> bool:
    plain = word.strip(".").replace(".-", "-").replace(".", "-")
    return plain in _TITLES or ("." in word and plain in _DOTTED_TITLES)


def search_lines(keys: Iterable[str]) -> str:
    """One folded name per line, with a line break before and after each, so that
    ``contains("\\nkey\\n")`` finds whole names and ``contains("part")`` finds parts."""
    return "\n" + "\n".join(dict.fromkeys(key for key in keys if key)) + "\n"


def slug_from(name: str) -> str:
    """A slug made from a name: "BioRN Network e.V" → ``biorn-network-e-v``."""
    plain = search_key(name).encode("ascii", "ignore").decode()
    return _SLUG_GAPS.sub("-", plain).strip("-")[:50].strip("-") or "entry"


def tolerance(key: str) -> int:
    """How many letters may differ in a name of this length for it to look alike."""
    return 0 if len(key) < 6 else 1 if len(key) < 14 else 2


def nearly_equal(one: str, other: str) -> bool:
    """Whether two folded names differ in one or two letters (:func:`tolerance`) and no digit."""
    allowed = tolerance(min(one, other, key=len))
    if abs(len(one) - len(other)) > allowed or _DIGITS.findall(one) != _DIGITS.findall(other):
        return False
    return edit_distance(one, other, at_most=allowed) <= allowed


def edit_distance(one: str, other: str, *, at_most: int) -> int:
    """Letters to insert, delete or replace (Levenshtein); ``at_most + 1`` when there are more."""
    before = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        now = [row]
        for column, facing in enumerate(other, start=1):
            replaced = before[column - 1] + (letter != facing)
            now.append(min(before[column] + 1, now[column - 1] + 1, replaced))
        if min(now) > at_most:
            return at_most + 1
        before = now
    return min(before[-1], at_most + 1)


def pieces(key: str) -> list[str]:
    """Parts of a folded name of which at least one stands unchanged in every name that is
    nearly equal to it: with n letters changed, one of n + 1 parts is untouched."""
    parts = tolerance(key) + 1
    if parts == 1:
        return [key]
    size = len(key) // parts
    cuts = [size * number for number in range(parts)] + [len(key)]
    return [key[start:end] for start, end in pairwise(cuts)]


def check_targets(targets: Sequence[Mapping[str, Any]]) -> list[FieldError]:
    """What is wrong with the targets of an organisation, as errors below ``/targets``."""
    errors: list[FieldError] = []
    seen: set[tuple[Any, ...]] = set()
    for position, target in enumerate(targets):
        here = f"/targets/{position}"
        named = target.get("country"), target.get("region")
        if (named[0] is None) == (named[1] is None):
            detail = "Give either a country or a region that is no country."
            errors.append(FieldError(here, "country-or-region", detail))
        key = (target["phase"], *named)
        if key in seen:
            detail = "One vote per organisation, phase and country."
            errors.append(FieldError(here, "duplicate-item", detail))
        seen.add(key)
    return errors


def notation(operator: str, value: int) -> str:
    """A figure as one word: ``>120``; without a sign when it is exact."""
    return f"{value}" if operator == "=" else f"{operator}{value}"
