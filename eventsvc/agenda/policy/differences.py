"""What changed between two states of a programme, as people say it. Pure.

A state is a list of frozen items (``actions.publications.frozen``): plain JSON with ``id``,
``title``, ``state``, ``starts_at`` and ``ends_at`` (ISO 8601 with offset, or null), ``day``,
``slot_text``, ``room`` and ``speakers`` (``role``, ``name``, ``affiliation``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

CHANGES = (
    "added", "removed", "moved", "room_changed", "renamed", "cancelled", "reinstated",
    "speakers_changed", "text_changed",
)  # fmt: skip
COMPARED = ("title", "starts_at", "ends_at", "day", "slot_text", "room", "state")
OTHER_WORDS = ("type", "abstract", "track", "mode", "points", "parallel_group", "stands_for")

Item = Mapping[str, Any]


@dataclass(frozen=True)
class Difference:
    """What changed of one item. ``before`` is None for an added one, ``after`` for a removed."""

    item_id: str
    kind: str
    title: str
    changes: tuple[str, ...]
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    speakers_added: tuple[str, ...]
    speakers_removed: tuple[str, ...]
    sentences: tuple[str, ...]


def differences(old: Sequence[Item], new: Sequence[Item]) -> list[Difference]:
    """What changed from ``old`` to ``new``: in the order of the new programme, then what went.

    The same two states give the same answer, whatever else was published between them.
    """
    was = {item["id"]: item for item in old}
    there = {item["id"] for item in new}
    found = [_difference(was.get(item["id"]), item) for item in new]
    found += [_difference(item, None) for item in old if item["id"] not in there]
    return [one for one in found if one.changes]


def _difference(old: Item | None, new: Item | None) -> Difference:
    named = new or old or {}
    changes = _changes(old, new)
    came, went = _speakers(old, new)
    return Difference(
        item_id=str(named["id"]),
        kind=str(named["kind"]),
        title=str(named["title"]),
        changes=changes,
        before=_compared(old),
        after=_compared(new),
        speakers_added=came,
        speakers_removed=went,
        sentences=tuple(_sentence(change, old, new, came, went) for change in changes),
    )


def _compared(item: Item | None) -> dict[str, Any] | None:
    return None if item is None else {name: item.get(name) for name in COMPARED}


def _changes(old: Item | None, new: Item | None) -> tuple[str, ...]:
    if old is None or new is None:
        return ("added",) if old is None else ("removed",)
    gone = (old["state"] == "cancelled", new["state"] == "cancelled")
    found = {
        "moved": _when(old) != _when(new),
        "room_changed": old.get("room") != new.get("room"),
        "renamed": old["title"] != new["title"],
        "cancelled": gone == (False, True),
        "reinstated": gone == (True, False),
        "speakers_changed": _roles(old) != _roles(new),
        "text_changed": any(old.get(name) != new.get(name) for name in OTHER_WORDS),
    }
    return tuple(name for name in CHANGES if found.get(name))


def _when(item: Item) -> tuple[Any, ...]:
    """When an item is, so that one instant written with two offsets is the same."""
    times = [item.get(name) for name in ("starts_at", "ends_at")]
    if None in times:
        return (item.get("day"), item.get("slot_text"))
    return tuple(datetime.fromisoformat(str(moment)) for moment in times)


def _roles(item: Item) -> list[tuple[str, str, str]]:
    return [
        (str(one["name"]), str(one["role"]), str(one.get("affiliation") or ""))
        for one in item.get("speakers", ())
    ]


def _speakers(old: Item | None, new: Item | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names that came and names that went, in their order; none for a whole new or lost item."""
    if old is None or new is None:
        return (), ()
    was, now = ([name for name, _, _ in _roles(item)] for item in (old, new))
    came = tuple(dict.fromkeys(name for name in now if name not in was))
    return came, tuple(dict.fromkeys(name for name in was if name not in now))


def _sentence(
    change: str,
    old: Item | None,
    new: Item | None,
    came: tuple[str, ...],
    went: tuple[str, ...],
) -> str:
    old, new = old or {}, new or {}
    if change == "speakers_changed":
        parts = [f"{word}: {', '.join(names)}" for word, names in
                 (("new", came), ("no longer", went)) if names]  # fmt: skip
        return f"Speakers changed ({'; '.join(parts) or 'role, affiliation or order'})."
    said = {
        "added": f"Added: {written_when(new)}.",
        "removed": f"Removed; it was {written_when(old)}.",
        "moved": f"Moved from {written_when(old)} to {written_when(new)}.",
        "room_changed": f"Room {old.get('room') or 'none'} → {new.get('room') or 'none'}.",
        "renamed": f"Renamed from “{old.get('title')}” to “{new.get('title')}”.",
        "cancelled": "Cancelled.",
        "reinstated": "No longer cancelled.",
        "text_changed": "Text or details changed.",
    }
    return said[change]


def written_when(item: Item) -> str:
    """When an item is, in one line: ``2027-05-05 10:00–11:00``, ``day 2, afternoon``."""
    if item.get("starts_at") and item.get("ends_at"):
        starts, ends = (datetime.fromisoformat(item[name]) for name in ("starts_at", "ends_at"))
        last = f"{ends:%H:%M}" if ends.date() == starts.date() else f"{ends:%Y-%m-%d %H:%M}"
        return f"{starts:%Y-%m-%d %H:%M}–{last}"
    parts = [f"day {item['day']}" if item.get("day") is not None else None, item.get("slot_text")]
    return ", ".join(part for part in parts if part) or "not timed yet"
