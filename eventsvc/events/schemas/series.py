"""Series: what the doors take and answer."""

from __future__ import annotations

from eventsvc.core.pages import ListQuery
from eventsvc.core.text import (
    Answer,
    Body,
    Id,
    Instant,
    Integer,
    LanguageTag,
    ListOf,
    Markdown,
    Patch,
    Slug,
    Text,
)
from eventsvc.events.schemas.words import Archive, RichText

COLOR = {"description": "A CSS3 colour name, e.g. steelblue"}


class SeriesFields(Body):
    """What an organiser says about a series."""

    slug = Slug()
    name = Text(max_length=200, required=True)
    short_name = Text(max_length=60, allow_none=True)
    aliases = ListOf(Text(max_length=200), 50, unique=True)
    description = Markdown(allow_none=True)
    languages = ListOf(LanguageTag(), 30, unique=True)
    color = Text(max_length=30, allow_none=True, metadata=COLOR)
    run_by_id = Id(
        allow_none=True,
        metadata={"description": "The organisation printed as organiser of the series"},
    )
    interval_years = Integer(minimum=1, maximum=20, allow_none=True)
    sources = ListOf(Text(max_length=300), 50, unique=True)


class SeriesBody(SeriesFields):
    """A new series."""

    organiser_id = Id(metadata={"description": "By default the caller's organiser"})


class SeriesPatch(Patch, SeriesFields):
    """Changes of a series."""


class SeriesOut(Answer):
    """A series."""

    id = Id()
    organiser_id = Id()
    slug = Slug()
    name = Text()
    short_name = Text(allow_none=True)
    aliases = ListOf(Text(), 50)
    description = Markdown(allow_none=True)
    description_html = RichText("description")
    languages = ListOf(LanguageTag(), 30)
    color = Text(allow_none=True)
    run_by_id = Id(allow_none=True)
    interval_years = Integer(allow_none=True)
    archive = Archive()
    sources = ListOf(Text(), 50)
    created_at = Instant()
    version = Integer(minimum=1)


class SeriesQuery(ListQuery):
    """Filters of the list of series."""

    q = Text(min_length=2, max_length=100)
