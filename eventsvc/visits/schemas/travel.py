"""Travel times at the door."""

from __future__ import annotations

from eventsvc.core.pages import ListQuery
from eventsvc.core.text import Answer, Body, Boolean, Id, Instant, Integer, ListOf, Patch, Text

LONGEST = 24 * 60


class _Travel(Body):
    minutes = Integer(minimum=0, maximum=LONGEST, required=True)
    one_way = Boolean(metadata={"description": "Only in this direction; else both ways"})
    note = Text(max_length=300, allow_none=True)


class TravelTimeBody(_Travel):
    """Minutes between two places of one event; for each end a venue or a bus stop."""

    from_venue_id = Id(allow_none=True)
    from_stop_id = Id(allow_none=True)
    to_venue_id = Id(allow_none=True)
    to_stop_id = Id(allow_none=True)


class TravelTimePatch(Patch, _Travel):
    """Changes of a travel time; its places stay."""


class TravelTimeOut(Answer):
    """Minutes between two places of one event."""

    id = Id()
    organiser_id = Id()
    event_id = Id()
    from_venue_id = Id(allow_none=True)
    from_stop_id = Id(allow_none=True)
    to_venue_id = Id(allow_none=True)
    to_stop_id = Id(allow_none=True)
    minutes = Integer()
    one_way = Boolean()
    note = Text(allow_none=True)
    created_at = Instant()
    version = Integer(minimum=1)


class TravelTimeQuery(ListQuery):
    """Filters of travel times."""

    event_id = ListOf(Id(), 50)
    venue_id = ListOf(Id(), 50)
    stop_id = ListOf(Id(), 50)
