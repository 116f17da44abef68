"""A series edition by edition: sums that are certain, and gaps. Pure."""

from __future__ import annotations

from typing import Any

from eventsvc.reports.policy import ADDABLE, Bound, total
from eventsvc.reports.summary.figures import bound_of, of_kind


def series_summary(editions: list[dict[str, Any]]) -> dict[str, Any]:
    """Editions in order with sums of what was stated and the gaps (reports.md §1.2, §2.14).

    ``sums``: per kind stated by two editions or more, ``bound`` None where the operators allow
    none. ``gaps``: edition numbers below the highest loaded one that are not loaded.
    """
    return {"editions": editions, "sums": _sums(editions), "gaps": _gaps(editions)}


def _sums(editions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    by_kind: dict[str, list[tuple[str, Bound]]] = {}
    for edition in editions:
        said = [{"kind": "stated", **row} for row in edition["stated"]]
        for metric in dict.fromkeys(row["metric"] for row in said):
            one = of_kind(said, metric)
            if metric in ADDABLE and one is not None:
                by_kind.setdefault(metric, []).append((edition["slug"], bound_of(one)))
    sums = []
    for metric, found in by_kind.items():
        if len(found) < 2:
            continue
        bound = total(figure for _, figure in found)
        known = [slug for slug, _ in found]
        sums.append(
            {
                "metric": metric,
                "operator": bound.operator if bound else None,
                "value": bound.value if bound else None,
                "editions": known,
                "not_stated": [one["slug"] for one in editions if one["slug"] not in known],
            }
        )
    return sums


def _gaps(editions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Runs of missing numbers; ``unnumbered``: earlier editions that may be among them."""
    numbered = [one["edition"] or one["edition_derived"] for one in editions]
    highest = max(filter(None, numbered), default=0)
    if not highest:
        return []
    before = editions[: numbered.index(highest)]
    unnumbered = [
        one["slug"] for one, number in zip(before, numbered, strict=False) if number is None
    ]
    runs: list[dict[str, Any]] = []
    for number in (n for n in range(1, highest) if n not in numbered):
        if runs and runs[-1]["last"] == number - 1:
            runs[-1]["last"] = number
        else:
            runs.append({"first": number, "last": number, "unnumbered": unnumbered})
    return runs
