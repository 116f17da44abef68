"""Words and small fields that the schemas of this room share."""

from __future__ import annotations

import math
from typing import Any

from marshmallow import fields

from eventsvc.core.text import (
    Answer,
    Id,
    Instant,
    Month,
    Query,
    Slug,
    Strict,
    Text,
    Url,
    ValueRefused,
    Year,
    markdown_html,
)

MODES = ("on_site", "online", "hybrid")
BASES = ("printed", "derived", "stated", "not_printed")
PARENT_RELATIONS = ("side_event", "matchmaking", "pre_conference_matchmaking", "other")
RELATIONS = ("next", "previous", "announced_in", "related")
RELATION_BASES = ("printed", "derived")
LINK_KINDS = (
    "input_paper", "programme", "album", "recording", "article", "next_edition", "summary",
    "media", "web_page", "other",
)  # fmt: skip
CALENDAR_MAILS = ("publish", "request", "off")
TELL = ("nobody", "hit", "all")
STATED = ("held", "announced", "planned")


class Degrees(Strict[float]):
    """A geographic coordinate in degrees. Codes: ``invalid-type``, ``out-of-range``."""

    def __init__(self, limit: int, **options: Any) -> None:
        super().__init__({"type": "number", "minimum": -limit, "maximum": limit}, **options)
        self.limit = limit

    def read(self, value: Any) -> float:
        """The number of degrees."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueRefused("invalid-type", "Give a number of degrees")
        if not math.isfinite(value) or abs(value) > self.limit:
            raise ValueRefused("out-of-range", f"From -{self.limit} to {self.limit}")
        return float(value)


class SecureUrl(Url):
    """An absolute https address (security.md row 16: plain http is not handed to guests)."""

    def read(self, value: Any) -> str:
        """The address as given, trimmed and in NFC."""
        address = super().read(value)
        if not address.lower().startswith("https://"):
            raise ValueRefused("invalid-url", "Give an address that begins with https://")
        return address


class RichText(fields.Field[str]):
    """The sanitised HTML of a Markdown text that stands in another field; for answers."""

    def __init__(self, source: str) -> None:
        documented = {"type": ["string", "null"], "description": f"HTML of `{source}`, sanitised"}
        super().__init__(attribute=source, dump_only=True, metadata=documented)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        del attr, obj, kwargs
        return None if value is None else markdown_html(value)


class Archive(fields.Field[dict[str, Any]]):
    """Facts of the source that have no column: notes, announcements, delegations; for answers."""

    def __init__(self) -> None:
        documented = {
            "type": "object",
            "additionalProperties": True,
            "description": "Facts of the source without a field of their own",
        }
        super().__init__(dump_only=True, metadata=documented)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        del attr, obj, kwargs
        return dict(value or {})


class OneQuery(Query):
    """What reading one resource takes."""

    sparse = Text(
        max_length=1000, data_key="fields", metadata={"description": "Only these fields, and `id`"}
    )
    expand = Text(
        max_length=200, metadata={"description": "What to put in full, at most five names"}
    )


class EventRefOut(Answer):
    """An edition in short."""

    id = Id()
    slug = Slug()
    title = Text()
    state = Text()
    parent_relation = Text(allow_none=True)
    date_precision = Text()
    starts_at = Instant(zone_from="timezone", allow_none=True)
    ends_at = Instant(zone_from="timezone", allow_none=True)
    month = Month(allow_none=True)
    year = Year(allow_none=True)
    city = Text(allow_none=True)
    country = Text(allow_none=True)
