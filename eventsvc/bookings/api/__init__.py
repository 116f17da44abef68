"""The doors of bookings and the desk."""

from eventsvc.bookings.api import desk, seats

doors = (seats.door, seats.public_door, seats.my_door, desk.door)
