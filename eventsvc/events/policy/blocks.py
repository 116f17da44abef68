"""Pages as blocks: which block holds what, and which document is where (editions.md §9, 26)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from eventsvc.core.errors import FieldError

PAGE_KINDS = (
    "practical_information", "arrival", "hotels", "contact", "code_of_conduct", "photo_rules",
    "invitation_letter", "accessibility", "other",
)  # fmt: skip
MOST_BLOCKS = 100

# type of block → what it must hold, and what it may hold besides
_HOLDS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "heading": (frozenset({"title"}), frozenset()),
    "text": (frozenset({"text"}), frozenset()),
    "list": (frozenset({"items"}), frozenset({"title"})),
    "link": (frozenset({"title", "url"}), frozenset({"text"})),
    "document": (frozenset({"document_id"}), frozenset({"title"})),
}
BLOCK_TYPES = tuple(_HOLDS)

Block = Mapping[str, Any]


def usual_visibility(kind: str) -> str:
    """Who sees a page of this kind unless the organiser says otherwise.

    The text of the letter of invitation is for making letters, not for reading.
    """
    return "staff" if kind == "invitation_letter" else "public"


def is_about_place(kind: str) -> bool:
    """Whether such a page tells of the place of one edition, so that it does not fit the next."""
    return kind in ("practical_information", "arrival", "hotels", "accessibility")


def block_errors(blocks: Sequence[Block]) -> list[FieldError]:
    """What is wrong with the blocks of a page: ``required``, ``not-with-type``."""
    found = []
    for number, block in enumerate(blocks):
        must, may = _HOLDS[block["type"]]
        held = {name for name, value in block.items() if name != "type" and value is not None}
        found += [
            FieldError(f"/blocks/{number}/{name}", "required", f"A {block['type']} needs this")
            for name in sorted(must - held)
        ]
        found += [
            FieldError(f"/blocks/{number}/{name}", "not-with-type", f"A {block['type']} has none")
            for name in sorted(held - must - may)
        ]
    return found


def documents_in(blocks: Iterable[Block]) -> list[str]:
    """Ids of the documents that blocks show, in order."""
    return [block["document_id"] for block in blocks if block["type"] == "document"]


def pages_showing(document_id: str, pages: Iterable[tuple[str, Sequence[Block]]]) -> list[str]:
    """Ids of the pages, of these (id, blocks), that show a document."""
    return [page_id for page_id, blocks in pages if document_id in documents_in(blocks)]
