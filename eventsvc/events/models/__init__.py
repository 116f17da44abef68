"""Series, editions and what stands around them (editions.md §1, §12)."""

from eventsvc.events.models.documents import EventDocument, EventPage
from eventsvc.events.models.editions import Event, Series
from eventsvc.events.models.milestones import Milestone
from eventsvc.events.models.notices import Notice, NoticeVersion
from eventsvc.events.models.particulars import (
    Award,
    EventRelation,
    Figure,
    KeyMessage,
    Link,
    OrganisationRole,
    Venue,
)

__all__ = [
    "Award",
    "Event",
    "EventDocument",
    "EventPage",
    "EventRelation",
    "Figure",
    "KeyMessage",
    "Link",
    "Milestone",
    "Notice",
    "NoticeVersion",
    "OrganisationRole",
    "Series",
    "Venue",
]
