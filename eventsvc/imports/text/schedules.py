"""Whole schedules as they come: our own JSON, and frab's (pretalx, pentabarf, FOSDEM) two forms.

All become one document, as ``eventsvc.schedules.queries`` describes it; fields are judged here.
"""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError

from eventsvc.agenda.policy import ROLES, SESSION, SESSION_TYPES, SITE_VISIT, VISIT
from eventsvc.agenda.schemas import RoomBody, TrackBody
from eventsvc.core.errors import Invalid, MalformedRequest
from eventsvc.core.json_body import load_json
from eventsvc.core.tables import check_size
from eventsvc.core.text import (
    Body,
    Boolean,
    Choice,
    CountryCode,
    Instant,
    Integer,
    ListOf,
    Part,
    Text,
    Zone,
    invalid,
)
from eventsvc.imports.text.frab import from_frab_json, from_frab_xml
from eventsvc.imports.text.rows import SessionRow
from eventsvc.visits.schemas import VisitBody

MOST_ITEMS = 10_000


class ScheduleRole(Body):
    """Who has a role; ``speaker`` is the ``id`` of a person of the file."""

    speaker = Text(max_length=100, required=True)
    name = Text(max_length=200, allow_none=True)
    role = Choice(ROLES, load_default="speaker")
    position = Integer(maximum=100_000)
    affiliation = Text(max_length=300, allow_none=True)
    job_title = Text(max_length=300, allow_none=True)
    country = CountryCode(allow_none=True)
    publish = Boolean()
    source = Text(max_length=300, allow_none=True)


class SchedulePerson(Body):
    """A person of the file."""

    server_set = frozenset()

    id = Text(max_length=100, required=True)
    name = Text(max_length=200, required=True)
    country = CountryCode(allow_none=True)


class ScheduleVisit(Body):
    """What a visit has beyond a session."""

    place = VisitBody().load_fields["place"]
    place_country = CountryCode(allow_none=True)
    subject = Text(max_length=500, allow_none=True)
    meeting_point = Text(max_length=200, allow_none=True)
    identity_fields = VisitBody().load_fields["identity_fields"]
    identity_purpose = Text(max_length=500, allow_none=True)
    identity_data_deadline = Instant(allow_none=True)
    practical = VisitBody().load_fields["practical"]


class ScheduleItem(SessionRow):
    """A session or visit."""

    external_id = Text(max_length=100, required=True)
    kind = Choice((SESSION, VISIT), load_default=SESSION)
    type = Choice((*SESSION_TYPES, SITE_VISIT), required=True)
    room = Text(max_length=120, allow_none=True)
    track = Text(max_length=120, allow_none=True)
    block = Text(max_length=100, allow_none=True)
    host = Text(max_length=300, allow_none=True)
    cancelled = Boolean(load_default=False)
    speakers = ListOf(Part(ScheduleRole), 200)
    visit = Part(ScheduleVisit)


class ScheduleRoom(RoomBody):
    """A room."""

    external_id = Text(max_length=100, required=True)


class ScheduleBody(Body):
    """A whole schedule."""

    schema_version = Integer(minimum=1, maximum=1, required=True)
    timezone = Zone(allow_none=True)
    rooms = ListOf(Part(ScheduleRoom), MOST_ITEMS, load_default=list)
    tracks = ListOf(Part(TrackBody), MOST_ITEMS, load_default=list)
    speakers = ListOf(Part(SchedulePerson), MOST_ITEMS, load_default=list)
    sessions = ListOf(Part(ScheduleItem), MOST_ITEMS, required=True)
    roles = ListOf(Part(ScheduleRole), MOST_ITEMS, load_default=list)


def read_schedule(content: bytes, form: str, zone: str | None) -> dict[str, Any]:
    """The document in a file; ``zone`` (IANA) for frab files that name none.

    Raises:
        Invalid: it cannot be read (pointer ``/file``), or pointers into the document.
    """
    check_size(content)
    document = _document(content, form, zone)
    if not isinstance(document, dict):
        raise Invalid.field("/file", "invalid-type", "Give an object")
    try:
        read: dict[str, Any] = ScheduleBody().load(document)
    except ValidationError as refusal:
        raise invalid(refusal) from refusal
    return read


def _document(content: bytes, form: str, zone: str | None) -> Any:
    if form == "frab_xml":
        return from_frab_xml(content, zone)
    try:
        value = load_json(content)
    except MalformedRequest as refusal:
        raise Invalid.field("/file", "bad-json", refusal.detail or refusal.title) from refusal
    return from_frab_json(value, zone) if form == "frab_json" else value
