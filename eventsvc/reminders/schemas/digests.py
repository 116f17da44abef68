"""What the doors of digests answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import fields

from eventsvc.core.text import Answer, Choice, Id, Instant, Integer, Text
from eventsvc.reminders.models import Digest
from eventsvc.reminders.plan import KINDS, Change

DIGEST_STATES = ("open", "held", "sealed", "empty")
JSON_TYPES = ["string", "boolean", "array"]


class DigestOut(Answer):
    """A digest. While it is open, ``seal_at`` says when it is sent if nothing else changes."""

    id = Id()
    event_id = Id()
    number = Integer(minimum=1)
    state = Choice(DIGEST_STATES)
    opened_at = Instant()
    last_change_at = Instant()
    seal_at = Instant()
    sealed_at = Instant(allow_none=True)
    told = Integer(metadata={"description": "People it was queued for"})
    version = Integer(minimum=1)


class ChangeOut(Answer):
    """One thing that guests see differently; of a time, old and new are [start, end]."""

    item_id = Id()
    title = Text()
    kind = Choice(KINDS)
    old = fields.Raw(allow_none=True, metadata={"description": "As it was", "type": JSON_TYPES})
    new = fields.Raw(allow_none=True, metadata={"description": "As it is", "type": JSON_TYPES})
    whom = Choice(("hit", "all"))


class DigestFullOut(DigestOut):
    """A digest with what it tells; what was undone does not stand in it."""

    changes = fields.List(fields.Nested(ChangeOut))
    people = Integer(metadata={"description": "How many people it tells, or would tell now"})


def with_changes(
    digest: Digest, changes: Sequence[Change], titles: Mapping[str, str], people: int
) -> dict[str, Any]:
    """The answer about one digest."""
    told = [{**vars(change), "title": titles.get(change.item_id, "")} for change in changes]
    shown = {name: getattr(digest, name) for name in DigestOut().fields}
    return {**shown, "changes": told, "people": people}
