"""Doors of registrations and of their form, and the page that a private link opens."""

from eventsvc.core.http import Door
from eventsvc.registration.api import documents, forms, page, registrations

doors: tuple[Door, ...] = (
    registrations.door,
    registrations.public_door,
    registrations.my_door,
    documents.door,
    forms.door,
    forms.public_door,
    page.door,
)
