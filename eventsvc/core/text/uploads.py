"""A file that comes with a form (multipart/form-data)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from eventsvc.core.text.characters import ValueRefused
from eventsvc.core.text.strict import Strict


@dataclass(frozen=True)
class Upload:
    """A file as it came. ``name`` and ``media`` are what the sender says: believe neither."""

    name: str
    media: str
    content: bytes


class FilePart(Strict[Upload]):
    """The part of a form that holds a file of 1 to ``largest`` bytes; for ``Door.form``.

    Codes: ``invalid-type`` (a text in its place), ``too-short``, ``too-long``.
    """

    def __init__(self, *, largest: int, **options: Any) -> None:
        documented = {"type": "string", "format": "binary", "maxLength": largest}
        super().__init__(documented, **options)
        self.largest = largest

    def read(self, value: Any) -> Upload:
        """The file."""
        if not isinstance(value, Upload):
            raise ValueRefused("invalid-type", "Send a file with a file name")
        if not value.content:
            raise ValueRefused("too-short", "The file is empty")
        if len(value.content) > self.largest:
            raise ValueRefused("too-long", f"At most {self.largest} bytes")
        return value
