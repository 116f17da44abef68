"""The doors of bookings and the desk."""

from eventsvc.bookings.api import desk, manifest, seats

doors = (seats.door, seats.public_door, seats.my_door, desk.door, manifest.door)
