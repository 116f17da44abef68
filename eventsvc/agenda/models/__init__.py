"""The agenda: programme and speakers."""

from eventsvc.agenda.models.programme import (
    AgendaItem,
    ItemOrganisation,
    Publication,
    Room,
    Track,
)
from eventsvc.agenda.models.speakers import (
    SpeakerConsent,
    SpeakerProfile,
    SpeakerRole,
    Takeaway,
    TakeawayQuote,
)

__all__ = [
    "AgendaItem",
    "ItemOrganisation",
    "Publication",
    "Room",
    "SpeakerConsent",
    "SpeakerProfile",
    "SpeakerRole",
    "Takeaway",
    "TakeawayQuote",
    "Track",
]
