"""api.md §1 "Document": what OpenAPI 3.1 says of the fields and schemas."""

from __future__ import annotations

import pytest
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin

from eventsvc.core import text
from eventsvc.core.text import (
    Answer,
    Body,
    Choice,
    Instant,
    Integer,
    ListOf,
    Part,
    Patch,
    Slug,
    Text,
    register_fields,
)


class StopBody(Body):
    name = Text(required=True)


class VisitBody(Body):
    title = Text(max_length=50, required=True)
    mode = Choice(["bus", "foot"], load_default="bus", allow_none=True)
    starts_at = Instant(allow_none=True)
    start = Part(StopBody, allow_none=True)
    stops = ListOf(Part(StopBody), 4)
    tags = ListOf(Slug(), 5, allow_none=True)


class VisitPatch(Patch, VisitBody):
    pass


class VisitAnswer(Answer):
    title = Text()
    starts_at = Instant(zone_from="timezone")


def documented(*schemas):
    plugin = MarshmallowPlugin()
    spec = APISpec("Test", "1", "3.1.0", plugins=[plugin])
    register_fields(plugin)
    for schema in schemas:
        spec.components.schema(schema.__name__, schema=schema)
    return spec.to_dict()["components"]["schemas"]


def test_the_document_closes_requests_and_opens_answers():
    schemas = documented(VisitBody, VisitPatch, VisitAnswer)
    assert schemas["VisitBody"]["additionalProperties"] is False
    assert schemas["VisitPatch"]["additionalProperties"] is False
    assert schemas["StopBody"]["additionalProperties"] is False
    assert "additionalProperties" not in schemas["VisitAnswer"]
    assert schemas["VisitBody"]["required"] == ["title"]
    assert "required" not in schemas["VisitPatch"]


def test_the_document_says_what_the_fields_take():
    schemas = documented(VisitBody, VisitPatch)
    properties = schemas["VisitBody"]["properties"]
    assert properties["title"] == {"type": "string", "minLength": 1, "maxLength": 50}
    assert properties["mode"]["type"] == ["string", "null"]
    assert properties["mode"]["enum"] == ["bus", "foot", None]
    assert properties["mode"]["default"] == "bus"
    assert "default" not in schemas["VisitPatch"]["properties"]["mode"]
    assert properties["starts_at"]["format"] == "date-time"
    assert properties["start"]["anyOf"][1] == {"type": "null"}
    assert properties["stops"]["maxItems"] == 4
    assert properties["tags"]["type"] == ["array", "null"]
    assert properties["tags"]["items"]["pattern"] == text.slug_pattern


def test_every_request_text_has_a_longest_length_and_every_field_a_type():
    class EveryBody(Body):
        a, b, c, d, e = Text(), text.Markdown(), Slug(), text.Email(), Instant()
        f, g, h, i, j = text.WallTime(), text.Date(), text.Month(), text.Id(), Choice(["x"])
        k, m, n, o = text.CountryCode(), text.LanguageTag(), text.Zone(), text.Url()
        p, q, r = Integer(), text.Boolean(), text.Year()

    properties = documented(EveryBody)["EveryBody"]["properties"]
    assert len(properties) == 17
    for described in properties.values():
        assert described["type"] in {"string", "integer", "boolean"}
        assert described["type"] != "string" or described["maxLength"] > 0


def test_a_description_in_meta_would_open_the_document():
    with pytest.raises(TypeError, match="apispec"):

        class Described(Body):
            class Meta:
                description = "x"
