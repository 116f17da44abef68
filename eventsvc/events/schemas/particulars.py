"""Venues, figures, awards, links, key messages, roles, relations: what doors take and answer."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from eventsvc.core.text import (
    Answer,
    Body,
    Boolean,
    Choice,
    CountryCode,
    Id,
    Integer,
    Patch,
    Slug,
    Text,
    Url,
    Year,
)
from eventsvc.directory.policy import OPERATORS, notation
from eventsvc.events.policy import ROLES
from eventsvc.events.schemas.words import LINK_KINDS, RELATION_BASES, RELATIONS, Degrees


class VenueBody(Body):
    """A place of an event."""

    name = Text(max_length=200, required=True)
    street = Text(max_length=200, allow_none=True)
    postcode = Text(max_length=20, allow_none=True)
    city = Text(max_length=100, allow_none=True)
    country = CountryCode(allow_none=True)
    latitude = Degrees(90, allow_none=True)
    longitude = Degrees(180, allow_none=True)
    accessible = Boolean(allow_none=True)
    capacity = Integer(maximum=1_000_000, allow_none=True)
    arrival = Text(max_length=2000, multiline=True, allow_none=True)
    position = Integer(maximum=10_000)


class VenuePatch(Patch, VenueBody):
    """Changes of a venue."""


class VenueOut(Answer):
    """A place of an event."""

    id = Id()
    event_id = Id()
    name = Text()
    street = Text(allow_none=True)
    postcode = Text(allow_none=True)
    city = Text(allow_none=True)
    country = CountryCode(allow_none=True)
    latitude = Degrees(90, allow_none=True)
    longitude = Degrees(180, allow_none=True)
    accessible = Boolean(allow_none=True)
    capacity = Integer(allow_none=True)
    arrival = Text(allow_none=True)
    position = Integer()
    version = Integer(minimum=1)


class EventFigureBody(Body):
    """A stated figure; the operator is part of the fact."""

    metric = Text(max_length=60, required=True)
    operator = Choice(OPERATORS, required=True)
    value = Integer(required=True)
    unit = Text(max_length=200, allow_none=True)
    printed = Text(max_length=200, allow_none=True)
    note = Text(max_length=500, allow_none=True)
    source = Text(max_length=300, allow_none=True)
    preferred = Boolean()
    context = Boolean(metadata={"description": "About the field at large, not about the event"})
    position = Integer(maximum=10_000)


class EventFigurePatch(Patch, EventFigureBody):
    """Changes of a stated figure."""


def _notation(figure: Any) -> str:
    return notation(figure.operator, figure.value)


class EventFigureOut(Answer):
    """A stated figure of an event or a series."""

    id = Id()
    event_id = Id(allow_none=True)
    series_id = Id(allow_none=True)
    metric = Text()
    operator = Text()
    value = Integer()
    notation = fields.Function(
        _notation, metadata={"type": "string", "description": "Operator and value: >120, ~700, 15"}
    )
    unit = Text(allow_none=True)
    printed = Text(allow_none=True)
    note = Text(allow_none=True)
    source = Text(allow_none=True)
    preferred = Boolean()
    context = Boolean()
    position = Integer()
    version = Integer(minimum=1)


class AwardBody(Body):
    """An award presented at an event."""

    category = Text(max_length=200, required=True)
    year = Year(allow_none=True)
    person_id = Id(allow_none=True)
    organisation_id = Id(allow_none=True)
    laureate_name = Text(max_length=200, allow_none=True)
    affiliation = Text(max_length=200, allow_none=True)
    job_title = Text(max_length=200, allow_none=True)
    note = Text(max_length=500, allow_none=True)
    source = Text(max_length=300, allow_none=True)
    position = Integer(maximum=10_000)


class AwardPatch(Patch, AwardBody):
    """Changes of an award."""


class AwardOut(Answer):
    """An award presented at an event."""

    id = Id()
    event_id = Id()
    category = Text()
    year = Year(allow_none=True)
    person_id = Id(allow_none=True)
    organisation_id = Id(allow_none=True)
    laureate_name = Text(allow_none=True)
    affiliation = Text(allow_none=True)
    job_title = Text(allow_none=True)
    note = Text(allow_none=True)
    source = Text(allow_none=True)
    position = Integer()
    version = Integer(minimum=1)


class EventLinkBody(Body):
    """A link, or a document known by its name."""

    kind = Choice(LINK_KINDS, required=True)
    title = Text(max_length=200, required=True)
    url = Url(allow_none=True)
    source = Text(max_length=300, allow_none=True)
    position = Integer(maximum=10_000)


class EventLinkPatch(Patch, EventLinkBody):
    """Changes of a link."""


class EventLinkOut(Answer):
    """A link, or a document known by its name."""

    id = Id()
    event_id = Id()
    kind = Text()
    title = Text()
    url = Url(allow_none=True)
    source = Text(allow_none=True)
    position = Integer()
    version = Integer(minimum=1)


class KeyMessageBody(Body):
    """A key message, in the organisers' words."""

    text = Text(max_length=1000, multiline=True, required=True)
    source = Text(max_length=300, allow_none=True)
    position = Integer(maximum=10_000)


class KeyMessagePatch(Patch, KeyMessageBody):
    """Changes of a key message."""


class KeyMessageOut(Answer):
    """A key message."""

    id = Id()
    event_id = Id()
    text = Text()
    source = Text(allow_none=True)
    position = Integer()
    version = Integer(minimum=1)


class OrganisationRoleBody(Body):
    """An organisation in a role at an event."""

    organisation_id = Id(required=True)
    role = Choice(ROLES, required=True)
    position = Integer(maximum=10_000)


class OrganisationRolePatch(Patch):
    """Changes of a role; another organisation is another role."""

    role = Choice(ROLES)
    position = Integer(maximum=10_000)


class OrganisationRoleOut(Answer):
    """An organisation in a role at an event."""

    id = Id()
    event_id = Id(attribute="row.event_id")
    organisation_id = Id(attribute="row.organisation_id")
    role = Text(attribute="row.role")
    position = Integer(attribute="row.position")
    name = Text()
    short_name = Text(allow_none=True)
    website = Text(allow_none=True)
    version = Integer(minimum=1)


class EventRelationBody(Body):
    """Another event that is next, previous, or mentioned."""

    other_event_id = Id(required=True)
    kind = Choice(RELATIONS, required=True)
    basis = Choice(RELATION_BASES, required=True)
    source = Text(max_length=300, allow_none=True)


class EventRelationOut(Answer):
    """Another event that is next, previous, or mentioned."""

    id = Id()
    kind = Text()
    basis = Text()
    source = Text(allow_none=True)
    other_event_id = Id()
    slug = Slug()
    title = Text()
