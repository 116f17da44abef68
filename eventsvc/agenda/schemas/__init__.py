"""What the doors of the agenda take and answer."""

from eventsvc.agenda.schemas.items import (
    ExpandableItemOut,
    ItemFields,
    ItemOut,
    ItemQuery,
    ItemTransitionBody,
    OneItemQuery,
    SessionBody,
    SessionOut,
    SessionPatch,
)
from eventsvc.agenda.schemas.places import (
    PlaceQuery,
    RoomBody,
    RoomOut,
    RoomPatch,
    TrackBody,
    TrackOut,
    TrackPatch,
)
from eventsvc.agenda.schemas.programme import (
    AgendaConflictsOut,
    AgendaOut,
    PublicAgendaOut,
    PublicationBody,
    PublicationFullOut,
    PublicationOut,
    PublicSpeakersOut,
)
from eventsvc.agenda.schemas.speakers import SpeakerBody, SpeakerOut, SpeakerPatch, SpeakerQuery

__all__ = [
    "AgendaConflictsOut",
    "AgendaOut",
    "ExpandableItemOut",
    "ItemFields",
    "ItemOut",
    "ItemQuery",
    "ItemTransitionBody",
    "OneItemQuery",
    "PlaceQuery",
    "PublicAgendaOut",
    "PublicSpeakersOut",
    "PublicationBody",
    "PublicationFullOut",
    "PublicationOut",
    "RoomBody",
    "RoomOut",
    "RoomPatch",
    "SessionBody",
    "SessionOut",
    "SessionPatch",
    "SpeakerBody",
    "SpeakerOut",
    "SpeakerPatch",
    "SpeakerQuery",
    "TrackBody",
    "TrackOut",
    "TrackPatch",
]
