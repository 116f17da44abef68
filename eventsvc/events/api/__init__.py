"""The doors of series and editions."""

from eventsvc.core.http import Door
from eventsvc.events.api import documents, editions, particulars, public, relations, roles, series

doors: tuple[Door, ...] = (
    series.door,
    editions.door,
    *particulars.doors,
    documents.door,
    roles.door,
    relations.door,
    public.door,
)
