"""Editions: what the doors answer, to organisers and to the public."""

from __future__ import annotations

from marshmallow import fields

from eventsvc.core.text import (
    Answer,
    Boolean,
    CountryCode,
    Date,
    Email,
    Id,
    Instant,
    Integer,
    LanguageTag,
    ListOf,
    Markdown,
    Month,
    Slug,
    Text,
    Url,
    Year,
    Zone,
)
from eventsvc.events.schemas.documents import PublicDocumentOut, PublicPageOut
from eventsvc.events.schemas.particulars import (
    AwardOut,
    EventFigureOut,
    EventLinkOut,
    EventRelationOut,
    KeyMessageOut,
    OrganisationRoleOut,
    VenueOut,
)
from eventsvc.events.schemas.words import Archive, EventRefOut, RichText

ZONE = "timezone"


def _many(schema: type[Answer]) -> fields.List[object]:
    return fields.List(fields.Nested(schema))


class _Shown(Answer):
    """What organisers and the public see of an edition. A derived number is never among it."""

    id = Id()
    slug = Slug()
    title = Text()
    title_printed = Boolean()
    theme = Text(allow_none=True)
    theme_printed = Boolean()
    description = Markdown(allow_none=True)
    description_html = RichText("description")
    edition = Integer(allow_none=True)
    edition_printed = Text(allow_none=True)
    ordinal_in_country = Integer(allow_none=True)
    region = Text(allow_none=True)
    city = Text(allow_none=True)
    country = CountryCode(allow_none=True)
    mode = Text(allow_none=True)
    languages = ListOf(LanguageTag(), 30)
    color = Text(allow_none=True)
    synthetic = Boolean()
    state = Text()
    stated_status = Text(allow_none=True)
    recorded = Boolean()
    parent_relation = Text(allow_none=True)

    date_precision = Text()
    timezone = Zone(allow_none=True)
    starts_at = Instant(zone_from=ZONE, allow_none=True)
    ends_at = Instant(zone_from=ZONE, allow_none=True)
    starts_on = Date(allow_none=True)
    ends_on = Date(allow_none=True)
    all_day = Boolean()
    month = Month(allow_none=True)
    year = Year(allow_none=True)
    not_after = Date(allow_none=True)
    before_on = Date(allow_none=True)
    length_days = Integer(allow_none=True)
    registration_opens_at = Instant(zone_from=ZONE, allow_none=True)
    registration_closes_at = Instant(zone_from=ZONE, allow_none=True)

    credit_line = Text(allow_none=True)
    organisations = _many(OrganisationRoleOut)
    venues = _many(VenueOut)
    figures = _many(EventFigureOut)
    awards = _many(AwardOut)
    links = _many(EventLinkOut)
    key_messages = _many(KeyMessageOut)
    relations = _many(EventRelationOut)
    side_events = _many(EventRefOut)
    parent = fields.Nested(EventRefOut, allow_none=True)


class EventOut(_Shown):
    """An edition. Members from ``credit_line`` to ``next_loaded`` come with ``expand``."""

    organiser_id = Id()
    series_id = Id(allow_none=True)
    parent_id = Id(allow_none=True)
    edition_derived = Integer(
        allow_none=True, metadata={"description": "Follows from other facts; never printed"}
    )
    mode_basis = Text(allow_none=True)
    timezone_basis = Text(allow_none=True)
    before_event_id = Id(allow_none=True)
    sort_on = Date(allow_none=True, metadata={"description": "The day it is sorted by"})
    starts_rev = Integer()
    announced_at = Instant(allow_none=True)
    first_published_at = Instant(allow_none=True)
    completed_at = Instant(allow_none=True)
    state_reason = Text(allow_none=True)
    cancel_until = Instant(zone_from=ZONE, allow_none=True)
    email_proof = Boolean()
    approval = Boolean()
    capacity = Integer(allow_none=True)
    capacity_on_site = Integer(allow_none=True)
    capacity_online = Integer(allow_none=True)
    over_capacity = Boolean()
    waiting_list = Boolean()
    waiting_list_limit = Integer(allow_none=True)
    auto_promote_until = Instant(zone_from=ZONE, allow_none=True)
    promotion_ends = Instant(zone_from=ZONE, allow_none=True)
    offer_hours = Integer()
    allow_overlaps = Boolean()
    register_during_event = Boolean()
    calendar_mail = Text()
    tell_default = Text(allow_none=True)
    auto_release_days = Integer()
    report_list = ListOf(Email(), 50)
    join_url = Url(allow_none=True)
    archive = Archive()
    sources = ListOf(Text(), 50)
    created_at = Instant()
    version = Integer(minimum=1)
    previous_loaded = fields.Nested(EventRefOut, allow_none=True)
    next_loaded = fields.Nested(EventRefOut, allow_none=True)


class EventWarningOut(Answer):
    """Something to look at, though nothing forbids the step."""

    code = Text()
    detail = Text()


class EventSteppedOut(EventOut):
    """An edition after a step, with what an organiser should still look at."""

    warnings = _many(EventWarningOut)


class SeriesRefOut(Answer):
    """A series in short."""

    slug = Slug()
    name = Text()
    short_name = Text(allow_none=True)


class PublicEventOut(_Shown):
    """The public page of an edition."""

    series = fields.Nested(SeriesRefOut, allow_none=True)
    documents = _many(PublicDocumentOut)
    pages = _many(PublicPageOut)


class PublicSeriesOut(Answer):
    """The public page of a series."""

    slug = Slug()
    name = Text()
    short_name = Text(allow_none=True)
    aliases = ListOf(Text(), 50)
    description = Markdown(allow_none=True)
    description_html = RichText("description")
    languages = ListOf(LanguageTag(), 30)
    color = Text(allow_none=True)
    interval_years = Integer(allow_none=True)
    events = _many(EventRefOut)
