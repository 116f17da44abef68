"""The byte writer: items, time zones, feeds. Pure: the same arguments give the same bytes (36)."""

from eventsvc.ical.render.feed import feed, mailed, single
from eventsvc.ical.render.items import item_block, stored_block
from eventsvc.ical.render.personal import personal_block
from eventsvc.ical.render.zones import vtimezone

__all__ = ["feed", "item_block", "mailed", "personal_block", "single", "stored_block", "vtimezone"]
