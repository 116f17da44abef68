"""The doors of the agenda."""

from eventsvc.agenda.api import (
    page,
    printed,
    programme,
    roles,
    rooms,
    sessions,
    speakers,
    speaking,
    takeaways,
    tracks,
)
from eventsvc.core.http import Door

doors: tuple[Door, ...] = (
    rooms.door,
    tracks.door,
    sessions.door,
    # before the roles by id: /speakers/missing is none
    roles.door,
    speakers.door,
    speaking.door,
    takeaways.door,
    roles.public_door,
    programme.door,
    programme.public_door,
    printed.door,
    printed.public_door,
    page.door,
)
