"""Documents and pages of an edition: kinds, who may see them, and which content counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

DOCUMENT_KINDS = (
    "input_paper", "programme", "album", "recording", "article", "presentation", "summary",
    "report", "press_release", "invitation", "map", "other",
)  # fmt: skip
PUBLIC, REGISTERED, STAFF = "public", "registered", "staff"
VISIBILITIES = (PUBLIC, REGISTERED, STAFF)
_ADMITTED = frozenset({"confirmed", "attended", "no_show"})


def seen_by_guest(state: str) -> tuple[str, ...]:
    """The visibilities that a guest sees whose registration is in ``state``.

    Who waits, or has not proved the address yet, sees what everybody sees.
    """
    return (PUBLIC, REGISTERED) if state in _ADMITTED else (PUBLIC,)


def lets_go_of_file(values: Mapping[str, Any]) -> bool:
    """Whether a change of a document puts a link in the place of its file."""
    return values.get("url") is not None
