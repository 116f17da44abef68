"""The form of a fact. Each room declares its own facts in its ``policy``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Something that happened, told in the past tense.

    ``subject_id``: the row it happened to. Further fields of subclasses must be JSON values,
    datetimes (written as ISO 8601) or tuples of them.
    """

    kind: ClassVar[str]
    at: datetime
    subject_id: str
    organiser_id: str | None = None
    event_id: str | None = None
