"""Speakers' roles at the door."""

from __future__ import annotations

from eventsvc.agenda.policy import ROLE_STATES, ROLES
from eventsvc.core.pages import ListQuery
from eventsvc.core.text import (
    Answer,
    Body,
    Boolean,
    Choice,
    CountryCode,
    Id,
    Instant,
    Integer,
    ListOf,
    Patch,
    QueryChoice,
    Text,
)


class _RoleFields(Body):
    role = Choice(ROLES, required=True)
    position = Integer(maximum=100_000)
    affiliation = Text(max_length=300, allow_none=True)
    job_title = Text(max_length=300, allow_none=True)
    country = CountryCode(allow_none=True)
    organisation_id = Id(allow_none=True)
    publish = Boolean(metadata={"description": "The speaker agreed to be published"})
    note = Text(max_length=1000, allow_none=True, multiline=True)
    source = Text(max_length=300, allow_none=True)
    external_id = Text(max_length=100, allow_none=True)


class SpeakerBody(_RoleFields):
    """A new role: of a person of the directory, or of one by name, who is added to it."""

    person_id = Id()
    name = Text(max_length=200)


class _RoleChanges(_RoleFields):
    name_printed = Text(max_length=200, data_key="name")


class SpeakerPatch(Patch, _RoleChanges):
    """Changes of a role; ``name`` is the name as printed for this event."""


class SpeakerQuery(ListQuery):
    """Filters of roles."""

    role = ListOf(QueryChoice(ROLES), 8)
    state = ListOf(QueryChoice(ROLE_STATES), 6)
    person_id = ListOf(Id(), 50)


class SpeakerOut(Answer):
    """A role; name, affiliation and job title are as printed for this event."""

    id = Id()
    event_id = Id()
    item_id = Id(allow_none=True)
    person_id = Id()
    organisation_id = Id(allow_none=True)
    role = Text()
    position = Integer()
    name_printed = Text(data_key="name")
    affiliation = Text(allow_none=True)
    job_title = Text(allow_none=True)
    country = Text(allow_none=True)
    state = Text(metadata={"enum": list(ROLE_STATES)})
    state_reason = Text(allow_none=True)
    invited_at = Instant(allow_none=True)
    answered_at = Instant(allow_none=True)
    replaced_by_id = Id(allow_none=True, metadata={"description": "The role of whoever stands in"})
    publish = Boolean()
    note = Text(allow_none=True)
    source = Text(allow_none=True)
    external_id = Text(allow_none=True)
    version = Integer(minimum=1)
