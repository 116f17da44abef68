"""Doors of calendars: public and personal feeds, and the guest's own calendar address."""

from eventsvc.core.http import Door
from eventsvc.feeds.api.calendars import calendars
from eventsvc.feeds.api.own import my_calendar

doors: tuple[Door, ...] = (calendars, my_calendar)
