"""Editions: what the doors take and answer (editions.md §12)."""

from __future__ import annotations

from typing import ClassVar

from eventsvc.core.pages import ListQuery
from eventsvc.core.text import (
    SERVER_SET,
    Body,
    Boolean,
    Choice,
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
    Patch,
    QueryBoolean,
    QueryChoice,
    Slug,
    Text,
    Url,
    Year,
    Zone,
)
from eventsvc.events.policy import KEEP_INSTANT, KEEP_WALL_TIME, PRECISIONS, STATES
from eventsvc.events.queries import EXPANSIONS
from eventsvc.events.schemas.words import (
    BASES,
    CALENDAR_MAILS,
    MODES,
    PARENT_RELATIONS,
    STATED,
    TELL,
    OneQuery,
)

_FIRST_DAY = {"description": "First day of an all-day event; with `ends_on`, for `starts_at`"}
_LAST_DAY = {"description": "Last day of an all-day event"}
_BEFORE = {"description": "Strictly before this day"}


class _EventFields(Body):
    """What an organiser says about an edition."""

    server_set: ClassVar[frozenset[str]] = SERVER_SET | {
        "recorded", "starts_rev", "sort_on", "announced_at", "first_published_at",
        "completed_at", "state_reason", "cancellations", "archive", "over_capacity",
    }  # fmt: skip

    slug = Slug()
    title = Text(max_length=200, required=True)
    title_printed = Boolean()
    theme = Text(max_length=300, allow_none=True)
    theme_printed = Boolean()
    description = Markdown(allow_none=True)
    edition = Integer(minimum=1, maximum=1000, allow_none=True)
    edition_printed = Text(max_length=60, allow_none=True)
    edition_derived = Integer(minimum=1, maximum=1000, allow_none=True)
    ordinal_in_country = Integer(minimum=1, maximum=1000, allow_none=True)
    parent_id = Id(allow_none=True)
    parent_relation = Choice(PARENT_RELATIONS, allow_none=True)
    region = Text(max_length=100, allow_none=True)
    city = Text(max_length=100, allow_none=True)
    country = CountryCode(allow_none=True)
    mode = Choice(MODES, allow_none=True)
    mode_basis = Choice(BASES, allow_none=True)
    languages = ListOf(LanguageTag(), 30, unique=True)
    color = Text(max_length=30, allow_none=True)
    stated_status = Choice(STATED, allow_none=True)
    sources = ListOf(Text(max_length=300), 50, unique=True)

    date_precision = Choice(PRECISIONS)
    timezone = Zone(allow_none=True)
    timezone_basis = Choice(BASES, allow_none=True)
    starts_at = Instant(allow_none=True)
    ends_at = Instant(allow_none=True)
    starts_on = Date(metadata=_FIRST_DAY)
    ends_on = Date(metadata=_LAST_DAY)
    all_day = Boolean()
    month = Month(allow_none=True)
    year = Year(allow_none=True)
    not_after = Date(allow_none=True)
    before_on = Date(allow_none=True, metadata=_BEFORE)
    before_event_id = Id(allow_none=True)
    length_days = Integer(minimum=1, maximum=31, allow_none=True)

    registration_opens_at = Instant(allow_none=True)
    registration_closes_at = Instant(allow_none=True)
    cancel_until = Instant(allow_none=True)
    email_proof = Boolean()
    approval = Boolean()
    capacity = Integer(maximum=1_000_000, allow_none=True)
    capacity_on_site = Integer(maximum=1_000_000, allow_none=True)
    capacity_online = Integer(maximum=1_000_000, allow_none=True)
    waiting_list = Boolean()
    waiting_list_limit = Integer(maximum=1_000_000, allow_none=True)
    auto_promote_until = Instant(allow_none=True)
    promotion_ends = Instant(allow_none=True)
    offer_hours = Integer(minimum=1, maximum=240)
    allow_overlaps = Boolean()
    register_during_event = Boolean()
    calendar_mail = Choice(CALENDAR_MAILS)
    tell_default = Choice(TELL, allow_none=True)
    auto_release_days = Integer(maximum=60)
    report_list = ListOf(Email(), 50, unique=True)
    join_url = Url(allow_none=True)


class EventBody(_EventFields):
    """A new edition of a series."""

    example: ClassVar = {
        "title": "Clusters meet Regions in Example Town",
        "slug": "example-town",
        "city": "Example Town",
        "country": "AT",
        "timezone": "Europe/Vienna",
        "starts_at": "2027-05-05T09:00:00+02:00",
        "ends_at": "2027-05-06T16:00:00+02:00",
    }

    copy_from = Id(metadata={"description": "Take its settings, venues, organisations and agenda"})


class EventWithoutSeriesBody(EventBody):
    """A new event without a series."""

    organiser_id = Id(metadata={"description": "By default the caller's organiser"})


class EventPatch(Patch, _EventFields):
    """Changes of an edition."""

    on_timezone_change = Choice(
        (KEEP_WALL_TIME, KEEP_INSTANT),
        metadata={"description": "What stays when the zone changes: clock times, or instants"},
    )
    allow_over_capacity = Boolean(
        metadata={"description": "Let the places sink below the number confirmed (audited)"}
    )


class EventTransitionBody(Body):
    """A step of an edition to another state."""

    to = Choice(STATES, required=True)
    reason = Text(max_length=1000, multiline=True)
    recorded = Boolean(
        load_default=False, metadata={"description": "A past edition, entered for the archive"}
    )


class EventQuery(ListQuery):
    """Filters of a list of editions; repeated values of one filter mean or."""

    state = ListOf(QueryChoice(STATES), len(STATES))
    series_id = ListOf(Id(), 20)
    country = ListOf(CountryCode(), 50)
    parent_id = Id()
    recorded = QueryBoolean()
    top_level = QueryBoolean(metadata={"description": "Without side events, or only these"})
    starts_from = Instant()
    starts_before = Instant()
    q = Text(min_length=2, max_length=100)


class SeriesEventQuery(ListQuery):
    """Filters of the editions of one series."""

    state = ListOf(QueryChoice(STATES), len(STATES))
    country = ListOf(CountryCode(), 50)
    recorded = QueryBoolean()
    top_level = QueryBoolean()
    starts_from = Instant()
    starts_before = Instant()
    q = Text(min_length=2, max_length=100)


class OneEventQuery(OneQuery):
    """What reading one edition takes."""

    expandable: ClassVar[tuple[str, ...]] = tuple(EXPANSIONS)
