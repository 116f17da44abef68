"""From stated figures, counts and facts to the snapshot that everything printed is made from. Pure.

Stated and counted figures stand beside each other, never in one number (design law 8). A missing
figure is None and read as "not stated" or "not recorded", never 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from eventsvc.reports.policy import (
    COUNTERPARTS,
    DEFINITIONS,
    Bound,
    difference,
    guarded,
    holds,
)

SCHEMA_VERSION = 1
Figure = dict[str, Any]

PEOPLE = ("participants", "total")
HEADCOUNTS = (*PEOPLE, "on_site", "online")
PLACES_FROM = ("countries", "eu_countries", "eu_member_states")


def summarise(
    stated: Sequence[Mapping[str, Any]], counted: Mapping[str, Any], facts: Mapping[str, Any]
) -> dict[str, Any]:
    """The snapshot of a report: plain JSON values, no language, no names of guests.

    Args:
        stated: figures of the event in order (``queries.stated``).
        counted: ``queries.counted``.
        facts: ``queries.facts``, and ``made`` (``revision``, ``counted_at``,
            ``software_version``), ``series``, ``next`` and ``previous``, the snapshot before.
    """
    figures = [*_stated(stated), *_counted(counted["figures"])]
    event = facts["event"]
    items = {row["id"]: row for row in counted["items"]}
    snapshot: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        **facts["made"],
        "event": event,
        "headline": _headline(figures),
        "figures": figures,
        "glance": _glance(figures, recorded=event["recorded"]),
        "context": [one for one in figures if one.get("context")],
        "registrations": counted["states"],
        "participation": _participation(counted["breakdowns"]),
        "speakers": {name: _lines(lines) for name, lines in counted["speakers"].items() if lines},
        "programme": [item for item in facts["programme"] if item["public"]],
        "seats": [_item(one, items[one["id"]]) for one in facts["programme"] if one["id"] in items],
    }
    for name in ("organisations", "awards", "key_messages", "links", "series", "next"):
        snapshot[name] = facts.get(name)
    snapshot["changes"] = _changes(facts.get("previous"), figures)
    # sections without data are left out, not printed empty (reports.md §2.10)
    kept = {"event", "headline", "figures", "glance"}
    return {name: part for name, part in snapshot.items() if name in kept or part}


def _stated(rows: Sequence[Mapping[str, Any]]) -> list[Figure]:
    seen: dict[str, int] = {}
    figures = []
    for row in rows:
        number = seen[row["metric"]] = seen.get(row["metric"], 0) + 1
        suffix = "" if number == 1 else f".{number}"
        figures.append({"id": f"stated.{row['metric']}{suffix}", "kind": "stated", **row})
    return figures


def _counted(counts: Mapping[str, int | None]) -> list[Figure]:
    return [
        {
            "id": name,
            "kind": "counted",
            "metric": name,
            "operator": None if value is None else "=",
            "value": value,
            "source": "database",
            "definition": DEFINITIONS[name],
        }
        for name, value in counts.items()
    ]


def bound_of(figure: Mapping[str, Any]) -> Bound:
    """Operator and value of a figure."""
    return Bound(figure["operator"], figure["value"])


def of_kind(figures: Iterable[Figure], metric: str) -> Figure | None:
    """The stated figure of a kind: the preferred one, else the first."""
    found = [one for one in figures if one["kind"] == "stated" and one["metric"] == metric]
    found = [one for one in found if not one.get("context")]
    return next((one for one in found if one.get("preferred")), found[0] if found else None)


def _headline(figures: list[Figure]) -> dict[str, Figure | None]:
    """Participants and countries, both stated or both counted: kinds are never mixed."""
    people = next(filter(None, (of_kind(figures, kind) for kind in PEOPLE)), None)
    where = next(filter(None, (of_kind(figures, kind) for kind in PLACES_FROM)), None)
    if people is not None:
        return {"participants": people, "countries": where}
    by_id = {one["id"]: one for one in figures if one["kind"] == "counted" and one["value"]}
    came = by_id.get("participants.attended")
    return {
        "participants": came,
        "countries": by_id.get("participants.countries") if came else None,
    }


def _glance(figures: list[Figure], *, recorded: bool) -> list[dict[str, Any]]:
    """Line by line what was stated and what was counted, with the difference where both are.

    Of an edition entered for the archive only a part is loaded, so what is counted there of the
    programme is not held against what was stated.
    """
    counts = {one["id"]: one for one in figures if one["kind"] == "counted"}
    partly = ("speakers.persons", "items.visits") if recorded else ()
    counts = {name: one for name, one in counts.items() if name not in partly}
    said = [one for one in figures if one["kind"] == "stated" and not one.get("context")]
    rows, used = [], set()
    for one in said:
        other = COUNTERPARTS.get(one["metric"])
        used.add(other)
        rows.append(_row(one["metric"], one, counts.get(other or "")))
    if not {one["metric"] for one in said} & {*HEADCOUNTS}:
        rows.insert(0, _row("participants", None, counts.get("participants.attended")))
        used.add("participants.attended")
    for kind, name in COUNTERPARTS.items():
        if name in counts and name not in used:
            rows.append(_row(kind, None, counts[name]))
            used.add(name)
    return sorted(rows, key=lambda row: row["metric"] not in HEADCOUNTS)


def _row(metric: str, stated: Figure | None, counted: Figure | None) -> dict[str, Any]:
    compared = None
    if stated is not None and counted is not None and counted["value"] is not None:
        apart = difference(bound_of(stated), counted["value"])
        fits = holds(bound_of(stated), counted["value"])
        compared = {"operator": apart.operator, "value": apart.value, "fits": fits}
    return {"metric": metric, "stated": stated, "counted": counted, "difference": compared}


def _participation(breakdowns: Mapping[str, Mapping[str, int]]) -> dict[str, Any]:
    """Breakdowns of guests with small cells hidden; None: too few people to break down."""
    found = {}
    for name, counts in breakdowns.items():
        if not counts:
            continue
        cells = guarded(counts)
        shown = [{"key": one.key, "state": one.state, "count": one.count} for one in cells or []]
        found[name] = None if cells is None else shown
    return found


def _lines(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    ordered = sorted(counts.items(), key=lambda line: (-line[1], line[0]))
    return [{"key": key, "count": count} for key, count in ordered]


def _item(about: Mapping[str, Any], seats: Mapping[str, Any]) -> dict[str, Any]:
    """Seats of a session or visit with its fill rate in whole percent."""
    capacity = seats["capacity"]
    rate = round(100 * seats["booked"] / capacity) if capacity else None
    told = {name: about[name] for name in ("kind", "type", "title", "day", "on", "starts")}
    return told | dict(seats) | {"fill_rate": rate}


def _changes(previous: Mapping[str, Any] | None, figures: list[Figure]) -> list[dict[str, Any]]:
    """What differs from the revision before, figure by figure (reports.md §2.8)."""
    if previous is None:
        return []

    def known(rows: Iterable[Figure]) -> dict[str, Figure]:
        return {one["id"]: one for one in rows}

    before, after = known(previous["figures"]), known(figures)
    changes = []
    for name in [*after, *(gone for gone in before if gone not in after)]:
        old, new = before.get(name), after.get(name)
        if _value(old) != _value(new):
            one: Figure = new or old or {}
            changes.append(
                {"id": name, "metric": one["metric"], "kind": one["kind"],
                 "before": _value(old), "after": _value(new)}
            )  # fmt: skip
    return changes


def _value(figure: Figure | None) -> dict[str, Any] | None:
    if figure is None or figure["value"] is None:
        return None
    return {"operator": figure["operator"], "value": figure["value"]}
