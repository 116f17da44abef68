"""Doors: what people are told, and when."""

from eventsvc.core.http import Door
from eventsvc.reminders.api import announcements, digests, rules

doors: tuple[Door, ...] = (announcements.door, digests.door, rules.door)
