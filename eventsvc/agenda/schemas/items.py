"""Sessions at the door, and what visits share with them (api.md §6, editions.md §12)."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields, missing

from eventsvc.agenda.policy import MODES, SESSION_TYPES, STATES
from eventsvc.agenda.schemas.places import RoomOut, TrackOut
from eventsvc.agenda.schemas.speakers import SpeakerOut
from eventsvc.core.pages import ListQuery
from eventsvc.core.text import (
    SERVER_SET,
    Answer,
    Body,
    Boolean,
    Choice,
    Date,
    Id,
    Instant,
    Integer,
    LanguageTag,
    ListOf,
    Markdown,
    Part,
    Patch,
    Query,
    QueryBoolean,
    QueryChoice,
    QueryInteger,
    Text,
    Url,
    Zone,
)
from eventsvc.events.schemas.words import TELL, Archive, RichText

ZONE = "timezone"
WHOM = (
    "Whom to tell of the change, beside those with a seat: `nobody`, `hit` (whose own programme it"
    " is in) or `all`. Left out: `tell_default` of the event, else nobody until 14 days before the"
    " start, then those hit"
)


class PointBody(Body):
    """A point of a news or funding item."""

    order = Integer(minimum=1, maximum=500)
    title = Text(max_length=300, required=True)
    deadline = Date(allow_none=True)
    funder = Text(max_length=200, allow_none=True)
    note = Text(max_length=1000, allow_none=True, multiline=True)


class ItemFields(Body):
    """What an organiser says about a session or a visit."""

    server_set: ClassVar[frozenset[str]] = SERVER_SET | {
        "visible", "attendance", "starts_rev", "first_shown_at", "kind", "over_capacity",
        "cancellations", "state_reason", "archive", "speakers", "room", "track",
    }  # fmt: skip

    title = Text(max_length=300, required=True)
    title_printed = Boolean()
    abstract = Markdown(max_length=10_000, allow_none=True)
    day = Integer(minimum=-10, maximum=60, allow_none=True)
    position = Integer(maximum=100_000)
    slot_text = Text(max_length=100, allow_none=True)
    starts_at = Instant(allow_none=True)
    ends_at = Instant(allow_none=True)
    timezone = Zone(
        allow_none=True, metadata={"description": "Of the place, where it is not the event's"}
    )
    room_id = Id(allow_none=True)
    track_id = Id(allow_none=True)
    parallel_group = Text(max_length=100, allow_none=True)
    stands_for = Integer(minimum=1, maximum=500)
    block_id = Id(allow_none=True)
    mode = Choice(MODES, allow_none=True)
    capacity = Integer(maximum=1_000_000, allow_none=True)
    bookable = Boolean()
    waiting_list_limit = Integer(maximum=1_000_000, allow_none=True)
    booking_opens_at = Instant(allow_none=True)
    booking_closes_at = Instant(allow_none=True)
    languages = ListOf(LanguageTag(), 30, unique=True)
    join_url = Url(allow_none=True)
    source = Text(max_length=300, allow_none=True)
    external_id = Text(max_length=100, allow_none=True)


class SessionBody(ItemFields):
    """A new session."""

    example: ClassVar = {
        "type": "workshop",
        "title": "Hydrogen valleys",
        "starts_at": "2027-05-05T14:00:00+02:00",
        "ends_at": "2027-05-05T15:30:00+02:00",
        "capacity": 30,
        "bookable": True,
    }

    type = Choice(SESSION_TYPES, required=True)
    own_event_id = Id(
        allow_none=True, metadata={"description": "The event of its own that it announces"}
    )
    points = ListOf(Part(PointBody), 100)
    organisation_ids = ListOf(Id(), 100, unique=True)


class _SessionChanges(ItemFields):
    type = Choice(SESSION_TYPES)
    own_event_id = Id(allow_none=True)
    points = ListOf(Part(PointBody), 100)
    allow_over_capacity = Boolean()
    tell = Choice(TELL, metadata={"description": WHOM})


class SessionPatch(Patch, _SessionChanges):
    """Changes of a session."""


class ItemTransitionBody(Body):
    """A step of a session or visit to another state."""

    to = Choice(STATES, required=True)
    reason = Text(max_length=500, allow_none=True)
    tell_whom = Choice(TELL, data_key="tell", metadata={"description": WHOM})


class ItemQuery(ListQuery):
    """Filters of sessions and visits."""

    expandable = ("speakers", "room", "track")

    type = ListOf(QueryChoice((*SESSION_TYPES, "site_visit")), 20)
    state = ListOf(QueryChoice(STATES), 3)
    day = ListOf(QueryInteger(minimum=-10, maximum=60), 60)
    room_id = ListOf(Id(), 50)
    track_id = ListOf(Id(), 50)
    parallel_group = ListOf(Text(max_length=100), 20)
    visible = QueryBoolean()
    bookable = QueryBoolean()
    starts_from = Instant()
    starts_before = Instant()
    q = Text(min_length=2, max_length=100)


class OneItemQuery(Query):
    """What reading one item takes."""

    expandable = ("speakers", "room", "track")

    sparse = Text(max_length=1000, data_key="fields")
    expand = Text(max_length=200)


class PointOut(Answer):
    """A point of a news or funding item, as it was entered."""

    order = Integer()
    title = Text()
    deadline = Text(allow_none=True)
    funder = Text(allow_none=True)
    note = Text(allow_none=True)
    kind = Text(allow_none=True)
    initiative = Text(allow_none=True)
    source = Text(allow_none=True)


class Expanded(fields.Nested):
    """Something beside an item that is written only where ``expand`` asked for it."""

    def get_value(self, obj: Any, attr: str, accessor: Any = None, default: Any = missing) -> Any:
        """The thing, or nothing at all."""
        if attr not in getattr(obj, "expanded", ()):
            return missing
        return super().get_value(obj, attr, accessor, default)


class ItemOut(Answer):
    """What a session and a visit answer alike."""

    id = Id()
    event_id = Id()
    kind = Text()
    type = Text()
    title = Text()
    title_printed = Boolean()
    abstract = Markdown(allow_none=True)
    abstract_html = RichText("abstract")
    day = Integer(allow_none=True)
    day_basis = Text(allow_none=True)
    position = Integer()
    slot_text = Text(allow_none=True)
    starts_at = Instant(zone_from=ZONE, allow_none=True)
    ends_at = Instant(zone_from=ZONE, allow_none=True)
    timezone = Zone()
    starts_rev = Integer()
    room_id = Id(allow_none=True)
    track_id = Id(allow_none=True)
    parallel_group = Text(allow_none=True)
    stands_for = Integer()
    block_id = Id(allow_none=True)
    own_event_id = Id(allow_none=True)
    mode = Text(allow_none=True)
    capacity = Integer(allow_none=True)
    over_capacity = Boolean()
    bookable = Boolean()
    waiting_list_limit = Integer(allow_none=True)
    booking_opens_at = Instant(zone_from=ZONE, allow_none=True)
    booking_closes_at = Instant(zone_from=ZONE, allow_none=True)
    languages = ListOf(LanguageTag(), 30)
    join_url = Url(allow_none=True)
    state = Text()
    state_reason = Text(allow_none=True)
    visible = Boolean()
    first_shown_at = Instant(allow_none=True)
    attendance = Text()
    points = fields.List(fields.Nested(PointOut))
    archive = Archive()
    source = Text(allow_none=True)
    external_id = Text(allow_none=True)
    created_at = Instant()
    version = Integer(minimum=1)


class ExpandableItemOut(ItemOut):
    """An item; speakers, room and track come with ``expand``."""

    speakers = Expanded(SpeakerOut, many=True)
    room = Expanded(RoomOut)
    track = Expanded(TrackOut)


class SessionOut(ExpandableItemOut):
    """A session."""
