"""Questions about the agenda."""

from eventsvc.agenda.queries.clashes import (
    beyond_room,
    occupied_persons,
    occupied_rooms,
)
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
from eventsvc.agenda.queries.shown import (
    Touched,
    has_public_programme,
    is_called_off,
    publications_of,
    refuse_hidden_programme,
    touched_by,
    touched_items,
)

__all__ = [
    "Touched",
    "belonging",
    "beyond_room",
    "has_public_programme",
    "is_called_off",
    "item_for",
    "items_in",
    "items_of",
    "next_position",
    "occupied_persons",
    "occupied_rooms",
    "programme",
    "programme_order",
    "publications_of",
    "refuse_hidden_programme",
    "room_for",
    "rooms_of",
    "slug_taken",
    "speaker_for",
    "speakers_of",
    "touched_by",
    "touched_items",
    "track_for",
    "tracks_of",
    "with_particulars",
]
