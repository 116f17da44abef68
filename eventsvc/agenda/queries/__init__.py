"""Questions about the agenda."""

from eventsvc.agenda.queries.items import (
    belonging,
    item_for,
    items_of,
    next_position,
    programme,
    programme_order,
    speakers_of,
    with_particulars,
)
from eventsvc.agenda.queries.places import (
    items_in,
    room_for,
    rooms_of,
    slug_taken,
    speaker_for,
    track_for,
    tracks_of,
)

__all__ = [
    "belonging",
    "item_for",
    "items_in",
    "items_of",
    "next_position",
    "programme",
    "programme_order",
    "room_for",
    "rooms_of",
    "slug_taken",
    "speaker_for",
    "speakers_of",
    "track_for",
    "tracks_of",
    "with_particulars",
]
