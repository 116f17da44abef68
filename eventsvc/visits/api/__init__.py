"""The doors of site visits."""

from eventsvc.core.http import Door
from eventsvc.visits.api import buses, travel, visits

doors: tuple[Door, ...] = (
    visits.door,
    buses.door,
    travel.door,
    travel.conflicts_door,
)
