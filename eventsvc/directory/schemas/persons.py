"""Persons at the door: bodies, answers, filters."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from eventsvc.core.pages import ListQuery
from eventsvc.core.text import (
    Answer,
    Body,
    CountryCode,
    Id,
    Instant,
    Integer,
    ListOf,
    Markdown,
    Patch,
    Text,
    markdown_html,
)


class PersonBody(Body):
    """A new person, a speaker of public events."""

    name = Text(max_length=200, required=True)
    aliases = ListOf(Text(max_length=200), 50, unique=True)
    biography = Markdown(allow_none=True)
    country = CountryCode(allow_none=True)
    sources = ListOf(Text(max_length=200), 50, unique=True)


class PersonPatch(Patch, PersonBody):
    """Changes of a person. A list that is given replaces the standing one."""


def _biography_html(person: Any) -> str | None:
    return None if person.biography is None else markdown_html(person.biography)


class PersonOut(Answer):
    """A person of the directory."""

    id = Id()
    name = Text()
    aliases = fields.List(Text())
    biography = Text(allow_none=True)
    biography_html = fields.Function(
        _biography_html,
        metadata={"type": ["string", "null"], "description": "The biography as clean HTML"},
    )
    country = CountryCode(allow_none=True)
    sources = fields.List(Text())
    merged_into_id = Id(
        allow_none=True, metadata={"description": "Set: it is an alias of that entry"}
    )
    created_at = Instant()
    version = Integer(minimum=1)


class PersonQuery(ListQuery):
    """Filters of persons."""

    country = ListOf(CountryCode(), 60)
    q = Text(min_length=2, max_length=100, metadata={"description": "Words of name and aliases"})
