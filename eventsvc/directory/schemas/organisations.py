"""Organisations at the door: bodies, answers, filters."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from eventsvc.core.pages import ListQuery
from eventsvc.core.text import (
    SERVER_SET,
    Answer,
    Body,
    Boolean,
    Choice,
    CountryCode,
    Id,
    Instant,
    Integer,
    ListOf,
    Part,
    Patch,
    Query,
    QueryBoolean,
    QueryChoice,
    Slug,
    Text,
    Url,
)
from eventsvc.directory.policy import COUNTRY_BASES, KIND_BASES, KINDS, PHASES

AS_TARGET = "Two letters of ISO 3166-1; left out where the source names no country"
REGION = "What is named instead of a country, e.g. Asia-Pacific; it is not expanded to countries"


class TargetBody(Body):
    """A target of one phase: a country, or a region that is none."""

    phase = Choice(PHASES, required=True)
    country = CountryCode(allow_none=True, metadata={"description": AS_TARGET})
    region = Text(max_length=100, allow_none=True, metadata={"description": REGION})
    printed = Text(
        max_length=200, allow_none=True, metadata={"description": "The word of the source"}
    )


class OrganisationBody(Body):
    """A new organisation. The slug is made from the name when it is left out."""

    server_set: ClassVar[frozenset[str]] = SERVER_SET | {"archive"}

    slug = Slug()
    external_id = Text(max_length=100, allow_none=True)
    name = Text(max_length=300, required=True)
    legal_name = Text(max_length=300, allow_none=True)
    short_name = Text(max_length=100, allow_none=True)
    aliases = ListOf(Text(max_length=300), 50, unique=True)
    kind = Choice(KINDS, required=True)
    secondary_kind = Choice(KINDS, allow_none=True)
    kind_basis = Choice(KIND_BASES)
    initiative = Boolean()
    leading_edge = Boolean()
    city = Text(max_length=100, allow_none=True)
    region = Text(max_length=200, allow_none=True)
    country = CountryCode(allow_none=True)
    country_basis = Choice(COUNTRY_BASES, allow_none=True)
    website = Url(allow_none=True)
    description = Text(max_length=2000, multiline=True, allow_none=True)
    tags = ListOf(Text(max_length=60), 50, unique=True)
    countries_in_description = ListOf(CountryCode(), 60, unique=True)
    sources = ListOf(Text(max_length=200), 50, unique=True)
    targets = ListOf(Part(TargetBody), 200)


class OrganisationPatch(Patch, OrganisationBody):
    """Changes of an organisation. A list that is given replaces the standing one."""


class TargetOut(Answer):
    """A target as named in one phase."""

    phase = Choice(PHASES)
    country = CountryCode(allow_none=True)
    region = Text(allow_none=True)
    printed = Text(allow_none=True)


class OrganisationOut(Answer):
    """An organisation of the directory."""

    id = Id()
    slug = Slug()
    external_id = Text(allow_none=True)
    name = Text()
    legal_name = Text(allow_none=True)
    short_name = Text(allow_none=True)
    aliases = fields.List(Text())
    kind = Choice(KINDS)
    secondary_kind = Choice(KINDS, allow_none=True)
    kind_basis = Choice(KIND_BASES)
    initiative = Boolean()
    leading_edge = Boolean()
    city = Text(allow_none=True)
    region = Text(allow_none=True)
    country = CountryCode(allow_none=True)
    country_basis = Choice(COUNTRY_BASES, allow_none=True)
    website = Url(allow_none=True)
    description = Text(allow_none=True)
    tags = fields.List(Text())
    countries_in_description = fields.List(CountryCode())
    sources = fields.List(Text())
    targets = fields.List(fields.Nested(TargetOut))
    archive = fields.Dict(metadata={"description": "Further facts of the source, read only"})
    merged_into_id = Id(
        allow_none=True, metadata={"description": "Set: it is an alias of that entry"}
    )
    created_at = Instant()
    version = Integer(minimum=1)


class OrganisationQuery(ListQuery):
    """Filters of organisations; those of several words may repeat (or)."""

    kind = ListOf(QueryChoice(KINDS), len(KINDS))
    country = ListOf(CountryCode(), 60)
    tag = ListOf(Text(max_length=60), 20)
    leading_edge = QueryBoolean()
    initiative = QueryBoolean()
    target_country = ListOf(CountryCode(), 60)
    phase = QueryChoice(PHASES, metadata={"description": "Of target_country; alone: any target"})
    q = Text(min_length=2, max_length=100, metadata={"description": "Words of the names"})


class TargetCountriesQuery(Query):
    """Which phase to count."""

    phase = QueryChoice((*PHASES, "either"), load_default="either")


class CountryVotesOut(Answer):
    """A country and how many organisations name it."""

    country = CountryCode()
    organisations = Integer()


class TargetCountriesOut(Answer):
    """Target countries: one vote per organisation and country; regions do not count."""

    phase = Choice((*PHASES, "either"))
    countries = Integer(metadata={"description": "Different countries"})
    pairs = Integer(metadata={"description": "Pairs of organisation and country"})
    ranking = fields.List(
        fields.Nested(CountryVotesOut), metadata={"description": "Most votes first, then by code"}
    )
