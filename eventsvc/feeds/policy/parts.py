"""Feeds of a part of an edition: a track, a room, or the items of one type (calendar.md rule 1).

The kind of such a feed names the part: ``track``, ``room``, or ``type:workshop``, whose scope is
the edition, because a type is no row.
"""

from __future__ import annotations

TRACK, ROOM = "track", "room"
_TYPE = "type:"


def type_kind(item_type: str) -> str:
    """The kind of the feed of one type of items."""
    return _TYPE + item_type


def type_of(kind: str) -> str | None:
    """The type of items that a feed of this kind holds; None: it is no feed of a type."""
    return kind.removeprefix(_TYPE) if kind.startswith(_TYPE) else None


def is_part(kind: str) -> bool:
    """Whether a feed of this kind shows a part of an edition."""
    return kind in {TRACK, ROOM} or type_of(kind) is not None
