"""The doors of the agenda."""

from eventsvc.agenda.api import page, printed, programme, rooms, sessions, speakers, tracks
from eventsvc.core.http import Door

doors: tuple[Door, ...] = (
    rooms.door,
    tracks.door,
    sessions.door,
    speakers.door,
    programme.door,
    programme.public_door,
    printed.door,
    printed.public_door,
    page.door,
)
