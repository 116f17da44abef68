"""The verbs of site visits; the only writers of their tables."""

from eventsvc.visits.actions.buses import (
    add_bus,
    add_stop,
    change_bus,
    change_stop,
    remove_bus,
    remove_stop,
    shift_stops,
)
from eventsvc.visits.actions.calendar import departure, show_visits
from eventsvc.visits.actions.visits import add_visit, change_visit, remove_visit

__all__ = [
    "add_bus",
    "add_stop",
    "add_visit",
    "change_bus",
    "change_stop",
    "change_visit",
    "departure",
    "remove_bus",
    "remove_stop",
    "remove_visit",
    "shift_stops",
    "show_visits",
]
