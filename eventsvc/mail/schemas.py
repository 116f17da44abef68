"""How the rooms above show what became of messages."""

from __future__ import annotations

from eventsvc.core.text import Answer, Integer


class MessageCountsOut(Answer):
    """How many messages stand in each state."""

    pending = Integer()
    claimed = Integer()
    sending = Integer()
    sent = Integer()
    failed = Integer()
    # marshmallow keeps the name `unknown` of a schema for itself
    not_known = Integer(attribute="unknown", data_key="unknown")
    suppressed = Integer()
    cancelled = Integer()
    expired = Integer()
