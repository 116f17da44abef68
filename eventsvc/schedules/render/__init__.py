"""A programme document as the files that others read."""

from eventsvc.schedules.render.frab import About, frab_json, frab_xml
from eventsvc.schedules.render.linked import json_ld

__all__ = ["About", "frab_json", "frab_xml", "json_ld"]
