"""Doors of registrations, and the page that a private link opens."""

from eventsvc.core.http import Door
from eventsvc.registration.api import page, registrations

doors: tuple[Door, ...] = (
    registrations.door,
    registrations.public_door,
    registrations.my_door,
    page.door,
)
