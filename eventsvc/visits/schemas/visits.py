"""Site visits at the door (editions.md §5, §12)."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from eventsvc.agenda.schemas import WHOM, ExpandableItemOut, ItemFields
from eventsvc.core.text import (
    Answer,
    Body,
    Boolean,
    Choice,
    CountryCode,
    Id,
    Instant,
    ListOf,
    Part,
    Patch,
    Text,
)
from eventsvc.events.schemas.words import TELL
from eventsvc.visits.models import Visit

IDENTITY_FIELDS = ("full_name", "date_of_birth", "nationality", "document_type", "document_number")
ZONE = "timezone"


class PracticalBody(Body):
    """What guests must know before they come; the list replaces the old one."""

    walking = Text(max_length=300, allow_none=True)
    shoes = Text(max_length=300, allow_none=True)
    photo_ban = Boolean(allow_none=True)
    step_free = Boolean(allow_none=True)
    return_note = Text(max_length=300, allow_none=True)
    station_reached = Text(max_length=100, allow_none=True)
    airport_reached = Text(max_length=100, allow_none=True)
    note = Text(max_length=2000, allow_none=True, multiline=True)


class _VisitFields(ItemFields):
    host_organisation_id = Id(allow_none=True)
    place = Text(max_length=200, allow_none=True)
    place_country = CountryCode(allow_none=True)
    subject = Text(max_length=500, allow_none=True)
    meeting_point = Text(max_length=200, allow_none=True)
    identity_fields = ListOf(Choice(IDENTITY_FIELDS), len(IDENTITY_FIELDS), unique=True)
    identity_purpose = Text(max_length=500, allow_none=True)
    identity_data_deadline = Instant(allow_none=True)
    practical = Part(PracticalBody)


class VisitBody(_VisitFields):
    """A new site visit; ``starts_at`` and ``ends_at`` are departure and return."""

    example: ClassVar = {
        "title": "Hydrogen electrolyser at Example Works",
        "starts_at": "2027-05-05T13:00:00+02:00",
        "ends_at": "2027-05-05T16:00:00+02:00",
        "capacity": 40,
        "bookable": True,
        "meeting_point": "Main entrance",
    }


class _VisitChanges(_VisitFields):
    allow_over_capacity = Boolean()
    tell = Choice(TELL, metadata={"description": WHOM})


class VisitPatch(Patch, _VisitChanges):
    """Changes of a site visit."""


class PracticalOut(Answer):
    """What guests must know before they come."""

    walking = Text(allow_none=True)
    shoes = Text(allow_none=True)
    photo_ban = Boolean(allow_none=True)
    step_free = Boolean(allow_none=True)
    return_note = Text(allow_none=True)
    station_reached = Text(allow_none=True)
    airport_reached = Text(allow_none=True)
    note = Text(allow_none=True)


class VisitOut(ExpandableItemOut):
    """A site visit: an agenda item, and what it has beyond one."""

    host_organisation_id = Id(allow_none=True)
    place = Text(allow_none=True)
    place_country = Text(allow_none=True)
    subject = Text(allow_none=True)
    meeting_point = Text(allow_none=True)
    identity_fields = ListOf(Text(), 20)
    identity_purpose = Text(allow_none=True)
    identity_data_deadline = Instant(zone_from=ZONE, allow_none=True)
    practical = fields.Nested(PracticalOut)

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """A column of the visit, else one of its agenda item (hook of marshmallow)."""
        if isinstance(obj, Visit) and not hasattr(obj, attr):
            return super().get_attribute(obj.item, attr, default)
        return super().get_attribute(obj, attr, default)
