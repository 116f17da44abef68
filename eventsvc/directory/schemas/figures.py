"""Stated figures and suggestions to merge at the door."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from eventsvc.core.pages import ListQuery
from eventsvc.core.text import (
    Answer,
    Body,
    Boolean,
    Choice,
    Id,
    Instant,
    Integer,
    ListOf,
    Patch,
    QueryChoice,
    Text,
)
from eventsvc.directory.policy import OPERATORS, notation

SUBJECTS = ("organisation", "person")
STATES = ("open", "merged", "dismissed")


class FigureBody(Body):
    """A stated figure; the operator is part of the fact."""

    metric = Text(max_length=60, required=True, metadata={"examples": ["members"]})
    operator = Choice(OPERATORS, required=True)
    value = Integer(required=True)
    unit = Text(max_length=40, allow_none=True)
    printed = Text(max_length=200, allow_none=True, metadata={"description": "As printed"})
    note = Text(max_length=500, allow_none=True)
    source = Text(max_length=200, allow_none=True)
    preferred = Boolean(metadata={"description": "Of several of one metric; the mark moves"})
    context = Boolean(metadata={"description": "About the surroundings, not the organisation"})
    position = Integer(maximum=10_000)


class FigurePatch(Patch, FigureBody):
    """Changes of a figure."""


def _notation(figure: Any) -> str:
    return notation(figure.operator, figure.value)


class FigureOut(Answer):
    """A stated figure."""

    id = Id()
    organisation_id = Id()
    metric = Text()
    operator = Choice(OPERATORS)
    value = Integer()
    notation = fields.Function(_notation, metadata={"type": "string", "examples": [">60"]})
    unit = Text(allow_none=True)
    printed = Text(allow_none=True)
    note = Text(allow_none=True)
    source = Text(allow_none=True)
    preferred = Boolean()
    context = Boolean()
    position = Integer()
    version = Integer(minimum=1)


class FigureQuery(ListQuery):
    """Filters of figures."""

    metric = ListOf(Text(max_length=60), 20)


class AlikeOut(Answer):
    """One of two entries that look alike."""

    id = Id()
    name = Text()


class MergeSuggestionOut(Answer):
    """Two entries that may be one. Nothing is merged before a person decides."""

    id = Id()
    subject_type = Choice(SUBJECTS)
    first = fields.Nested(AlikeOut, metadata={"description": "The one that was there before"})
    second = fields.Nested(AlikeOut)
    confidence = Choice(("same", "near"))
    reason = Text()
    state = Choice(STATES)
    created_at = Instant()
    version = Integer(minimum=1)


class MergeSuggestionQuery(ListQuery):
    """Filters of suggestions."""

    subject_type = QueryChoice(SUBJECTS)
    state = ListOf(QueryChoice(STATES), len(STATES))


class MergeSuggestionTransitionBody(Body):
    """Whether to keep a suggestion."""

    to = Choice(("dismissed", "open"), required=True)


class MergeBody(Body):
    """The entry that stays."""

    into = Id(required=True)


class MergeOut(Answer):
    """One entry became an alias of another. ``moved`` and ``set_aside`` count rows by table."""

    id = Id()
    subject_type = Choice(SUBJECTS)
    merged = fields.Nested(AlikeOut)
    into = fields.Nested(AlikeOut)
    moved = fields.Dict(keys=Text(), values=Integer())
    set_aside = fields.Dict(
        keys=Text(), values=Integer(), metadata={"description": "Rows that said the same twice"}
    )
    names_added = fields.List(Text(), metadata={"description": "New aliases of the other"})
    at = Instant()
    by = Text()
    undo_until = Instant()
    undone_at = Instant(allow_none=True)


class MergeQuery(ListQuery):
    """Filters of merges."""

    subject_type = QueryChoice(SUBJECTS)
