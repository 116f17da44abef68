"""Decisions about feeds: what stands in them, what they are called, who has them already."""

from eventsvc.feeds.policy.answers import asks_for_gzip, is_unmodified, wants_plain
from eventsvc.feeds.policy.links import (
    event_path,
    item_path,
    page_path,
    part_path,
    personal_path,
    series_path,
    subscribe_links,
)
from eventsvc.feeds.policy.own import Copy, Seat, copy_of
from eventsvc.feeds.policy.parts import ROOM, TRACK, is_part, type_kind, type_of
from eventsvc.feeds.policy.steps import CLIENTS, LANGUAGES, TITLES, link_for, steps_for
from eventsvc.feeds.policy.times import (
    NOTED_EVERY,
    WARM_FOR,
    cutoff,
    fetch_is_due,
    later_than,
    unused_since,
)
from eventsvc.feeds.policy.words import (
    color_of,
    event_about,
    language_of,
    part_about,
    personal_about,
    series_about,
    split_note,
)

EVENT, SERIES, PERSONAL = "event", "series", "personal"

__all__ = [
    "CLIENTS",
    "EVENT",
    "LANGUAGES",
    "NOTED_EVERY",
    "PERSONAL",
    "ROOM",
    "SERIES",
    "TITLES",
    "TRACK",
    "WARM_FOR",
    "Copy",
    "Seat",
    "asks_for_gzip",
    "color_of",
    "copy_of",
    "cutoff",
    "event_about",
    "event_path",
    "fetch_is_due",
    "is_part",
    "is_unmodified",
    "item_path",
    "language_of",
    "later_than",
    "link_for",
    "page_path",
    "part_about",
    "part_path",
    "personal_about",
    "personal_path",
    "series_about",
    "series_path",
    "split_note",
    "steps_for",
    "subscribe_links",
    "type_kind",
    "type_of",
    "unused_since",
    "wants_plain",
]
