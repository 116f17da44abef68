"""The programme as a whole at the door: agenda, conflicts, publications, the public pages."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from eventsvc.agenda.pdf import LANGUAGES
from eventsvc.agenda.policy import CHANGES
from eventsvc.agenda.queries.conflicts import KINDS
from eventsvc.agenda.schemas.items import WHOM, ZONE, ItemOut, PointOut
from eventsvc.agenda.schemas.places import RoomOut, TrackOut
from eventsvc.agenda.schemas.speakers import SpeakerOut
from eventsvc.core.text import (
    Answer,
    Body,
    Boolean,
    Choice,
    Id,
    Instant,
    Integer,
    LanguageTag,
    ListOf,
    Markdown,
    Query,
    QueryChoice,
    QueryInteger,
    Slug,
    Text,
    Url,
    Zone,
)
from eventsvc.events.schemas.words import TELL, RichText


class _Whole(Answer):
    """A collection that always comes whole."""

    next_cursor = fields.String(dump_default=None, allow_none=True, metadata={"maxLength": 500})


class AgendaItemOut(ItemOut):
    """An item of the programme with its speakers, room and track."""

    speakers = fields.List(fields.Nested(SpeakerOut))
    room = fields.Nested(RoomOut, allow_none=True)
    track = fields.Nested(TrackOut, allow_none=True)


class AgendaOut(_Whole):
    """The programme in its one order; ``speakers`` have roles on the whole event."""

    event_id = Id()
    timezone = Zone(allow_none=True)
    publication = Integer(
        allow_none=True, metadata={"description": "Number of the last publication"}
    )
    items = fields.List(fields.Nested(AgendaItemOut))
    speakers = fields.List(fields.Nested(SpeakerOut))


class AgendaConflictOut(Answer):
    """What is wrong in a programme. ``subject_id``: the room, person or venue, or of a way
    between bookable items the later one."""

    code = Text(metadata={"enum": list(KINDS)})
    kind = Text(metadata={"enum": ["room", "speaker", "capacity", "travel"]})
    subject_id = Id()
    item_ids = fields.List(Id())
    starts_at = Instant(zone_from=ZONE, allow_none=True)
    ends_at = Instant(zone_from=ZONE, allow_none=True)
    minutes_missing = Integer(allow_none=True)
    detail = Text(metadata={"description": "The same for people, in English"})


class AgendaConflictsOut(_Whole):
    """Every conflict of a programme."""

    items = fields.List(fields.Nested(AgendaConflictOut))


class PublicationBody(Body):
    """A publication. A provisional one leaves planned items planned."""

    provisional = Boolean(load_default=False)
    note = Text(max_length=500, allow_none=True)
    tell_whom = Choice(TELL, data_key="tell", metadata={"description": WHOM})


class Snapshot(fields.Field[dict[str, Any]]):
    """The programme as it was published; for answers."""

    def __init__(self) -> None:
        super().__init__(metadata={"type": "object", "additionalProperties": True})


class PublicationOut(Answer):
    """A publication in short."""

    id = Id()
    event_id = Id()
    number = Integer(minimum=1)
    at = Instant()
    provisional = Boolean()
    note = Text(allow_none=True)


class PublicationFullOut(PublicationOut):
    """A publication with its frozen snapshot."""

    snapshot = Snapshot()


class PublicationDiffQuery(Query):
    """Which two states of the programme to compare."""

    from_number = QueryInteger(
        minimum=1,
        maximum=999_999_999,
        data_key="from",
        metadata={"description": "The earlier publication; left out: the last one"},
    )
    to_number = QueryInteger(
        minimum=1,
        maximum=999_999_999,
        data_key="to",
        metadata={"description": "The later publication; left out: the present draft"},
    )


class ItemStateOut(Answer):
    """What is compared of an item, at one of the two ends."""

    title = Text()
    starts_at = Text(allow_none=True, metadata={"format": "date-time"})
    ends_at = Text(allow_none=True, metadata={"format": "date-time"})
    day = Integer(allow_none=True)
    slot_text = Text(allow_none=True)
    room = Text(allow_none=True)
    state = Text()


class ItemDiffOut(Answer):
    """What changed of one item; ``before`` is null for an added one, ``after`` for a removed."""

    item_id = Id()
    kind = Text()
    title = Text()
    changes = fields.List(Text(metadata={"enum": list(CHANGES)}))
    before = fields.Nested(ItemStateOut, allow_none=True)
    after = fields.Nested(ItemStateOut, allow_none=True)
    speakers_added = fields.List(Text())
    speakers_removed = fields.List(Text())
    sentences = fields.List(Text(), metadata={"description": "The same for people, in English"})


class PublicationDiffOut(_Whole):
    """What changed between two states of the programme, in the order of the later one."""

    from_number = Integer(allow_none=True, data_key="from")
    to_number = Integer(
        allow_none=True, data_key="to", metadata={"description": "null: the present draft"}
    )
    counts = fields.Dict(
        keys=Text(), values=Integer(), metadata={"description": "Items by kind of change"}
    )
    items = fields.List(fields.Nested(ItemDiffOut))


class PrintQuery(Query):
    """The language of our words in a printed document; the event's own when left out."""

    language = QueryChoice(LANGUAGES)


class PublicPlaceOut(Answer):
    """A room or track as everybody sees it."""

    slug = Slug()
    name = Text()


class PublicSpeakerOut(Answer):
    """A speaker as everybody sees them."""

    name = Text()
    role = Text()
    item_id = Id(allow_none=True)
    affiliation = Text(allow_none=True)
    job_title = Text(allow_none=True)
    country = Text(allow_none=True)


class PublicItemOut(Answer):
    """An item as everybody sees it."""

    id = Id()
    kind = Text()
    type = Text()
    title = Text()
    title_printed = Boolean()
    abstract = Markdown(allow_none=True)
    abstract_html = RichText("abstract")
    day = Integer(allow_none=True)
    position = Integer()
    slot_text = Text(allow_none=True)
    starts_at = Instant(zone_from=ZONE, allow_none=True)
    ends_at = Instant(zone_from=ZONE, allow_none=True)
    timezone = Zone()
    room = fields.Nested(PublicPlaceOut, allow_none=True)
    track = fields.Nested(PublicPlaceOut, allow_none=True)
    parallel_group = Text(allow_none=True)
    stands_for = Integer()
    block_id = Id(allow_none=True)
    mode = Text(allow_none=True)
    languages = ListOf(LanguageTag(), 30)
    bookable = Boolean()
    state = Text()
    points = fields.List(fields.Nested(PointOut))
    speakers = fields.List(fields.Nested(PublicSpeakerOut))


class PublicAgendaOut(_Whole):
    """The public programme; ``state`` is that of the event."""

    state = Text()
    timezone = Zone(allow_none=True)
    items = fields.List(fields.Nested(PublicItemOut))
    speakers = fields.List(fields.Nested(PublicSpeakerOut))


class PublicProfileOut(PublicSpeakerOut):
    """A speaker with what they say of themselves, once they agreed to be shown."""

    id = Id()
    biography = Markdown(allow_none=True)
    biography_html = RichText("biography")
    slides_url = Url(allow_none=True)
    photo_url = Text(allow_none=True, metadata={"description": "Path on this host"})


class PublicSpeakersOut(_Whole):
    """The public speakers of an event."""

    items = fields.List(fields.Nested(PublicProfileOut))
