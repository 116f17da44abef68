"""Long work at the door."""

from __future__ import annotations

from marshmallow import fields

from eventsvc.core.text import Answer, Choice, Id, Instant, Integer, Text
from eventsvc.core.work import STATES


class JobOut(Answer):
    """A piece of long work. ``result`` depends on its kind; ``problem`` is a problem document."""

    id = Id()
    kind = Text()
    event_id = Id(allow_none=True)
    state = Choice(STATES)
    progress = Integer(maximum=100, metadata={"description": "Per cent"})
    result = fields.Dict(keys=fields.String(), allow_none=True, metadata={"type": "object"})
    problem = fields.Dict(keys=fields.String(), allow_none=True, metadata={"type": "object"})
    created_at = Instant()
    ended_at = Instant(allow_none=True)
