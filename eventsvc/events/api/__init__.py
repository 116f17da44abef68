"""The doors of series and editions."""

from eventsvc.core.http import Door
from eventsvc.events.api import (
    documents,
    editions,
    milestones,
    notices,
    particulars,
    public,
    relations,
    roles,
    series,
)

doors: tuple[Door, ...] = (
    series.door,
    editions.door,
    *particulars.doors,
    documents.door,
    milestones.door,
    notices.door,
    notices.public_door,
    roles.door,
    relations.door,
    public.door,
)
