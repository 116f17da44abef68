"""Questions about feeds: the one look-up of a poll, and what a join is made from."""

from eventsvc.feeds.queries.addresses import addresses_of, series_slug_of, standing_address
from eventsvc.feeds.queries.choices import parts_offered
from eventsvc.feeds.queries.contents import (
    Subject,
    Timed,
    event_subject,
    personal_subject,
    series_subject,
    timed,
)
from eventsvc.feeds.queries.own import Own, own_bookings, own_entries, registered_mode
from eventsvc.feeds.queries.parts import part_entries, part_subject, place_poll, type_poll
from eventsvc.feeds.queries.polls import (
    Kept,
    Poll,
    Sent,
    event_poll,
    kept_bytes,
    personal_poll,
    public_item,
    series_poll,
)
from eventsvc.feeds.queries.stale import stale_parts, stale_personal, stale_public

__all__ = [
    "Kept",
    "Own",
    "Poll",
    "Sent",
    "Subject",
    "Timed",
    "addresses_of",
    "event_poll",
    "event_subject",
    "kept_bytes",
    "own_bookings",
    "own_entries",
    "part_entries",
    "part_subject",
    "parts_offered",
    "personal_poll",
    "personal_subject",
    "place_poll",
    "public_item",
    "registered_mode",
    "series_poll",
    "series_slug_of",
    "series_subject",
    "stale_parts",
    "stale_personal",
    "stale_public",
    "standing_address",
    "timed",
    "type_poll",
]
