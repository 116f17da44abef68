"""Facts and decisions of editions."""

from eventsvc.events.policy.facts import (
    EventAnnounced,
    EventCancelled,
    EventCapacityChanged,
    EventCompleted,
    EventMoved,
    EventPostponed,
    EventPublished,
    EventRemoved,
    EventUnpublished,
)
from eventsvc.events.policy.times import day_bounds, instant_of, wall_of, zone_of

__all__ = [
    "EventAnnounced",
    "EventCancelled",
    "EventCapacityChanged",
    "EventCompleted",
    "EventMoved",
    "EventPostponed",
    "EventPublished",
    "EventRemoved",
    "EventUnpublished",
    "day_bounds",
    "instant_of",
    "wall_of",
    "zone_of",
]
