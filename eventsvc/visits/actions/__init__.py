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
from eventsvc.visits.actions.copies import copy_visits
from eventsvc.visits.actions.travel import (
    add_travel_time,
    change_travel_time,
    remove_travel_time,
)
from eventsvc.visits.actions.visits import add_visit, change_visit, remove_visit

__all__ = [
    "add_bus",
    "add_stop",
    "add_travel_time",
    "add_visit",
    "change_bus",
    "change_stop",
    "change_travel_time",
    "change_visit",
    "copy_visits",
    "departure",
    "remove_bus",
    "remove_stop",
    "remove_travel_time",
    "remove_visit",
    "shift_stops",
    "show_visits",
]
