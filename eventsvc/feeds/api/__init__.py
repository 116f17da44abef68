"""Doors of calendars: public and personal feeds, how to subscribe, the guest's own address."""

from eventsvc.core.http import Door
from eventsvc.feeds.api.calendars import calendars
from eventsvc.feeds.api.own import my_calendar
from eventsvc.feeds.api.subscribing import subscribing

doors: tuple[Door, ...] = (calendars, subscribing, my_calendar)
