"""The document tells all of every operation (api.md §1): done when of "the whole organiser API"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

JSON = "application/json"


@pytest.fixture
def document(client) -> dict[str, Any]:
    return client.get("/api/v1/openapi.json").json


def told(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method in ("get", "post", "put", "patch", "delete"):
            if method in methods:
                yield f"{method.upper()} {path}", methods[method]


def resolved(document: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in found:
        return found
    _, _, kind, name = found["$ref"].split("/")
    return document["components"][kind][name]


def check(document: dict[str, Any], schema: dict[str, Any], example: Any) -> list[str]:
    """What an example breaks in its schema."""
    whole = {**schema, "components": document["components"]}
    judge = Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [f"{error.json_path}: {error.message[:100]}" for error in judge.iter_errors(example)]


def test_the_document_is_valid(document):
    validate(document)


def test_every_operation_has_its_words_and_its_rights(document):
    for where, operation in told(document):
        assert operation["operationId"], where
        assert operation["summary"].strip(), where
        assert operation["tags"], where
        assert "security" in operation, where


def test_every_operation_lists_its_statuses_with_problems(document, app):
    for where, operation in told(document):
        if operation["responses"].get("default"):
            continue
        assert {"404", "429", "500"} <= set(operation["responses"]), where
        if operation["security"]:
            assert {"401", "403"} <= set(operation["responses"]), where
        if not where.startswith("GET"):
            assert {"409", "415", "422"} <= set(operation["responses"]), where


def test_every_request_and_answer_has_an_example_that_fits(document):
    wrong = {}
    for where, operation in told(document):
        contents = [operation.get("requestBody", {}).get("content", {}).get(JSON)]
        for response in operation["responses"].values():
            contents += resolved(document, response).get("content", {}).values()
        for content in contents:
            if content is None or not {"object"} & {_kind(document, content)}:
                continue
            assert "example" in content, where
            broken = check(document, content["schema"], content["example"])
            if broken:
                wrong[where] = broken
    assert wrong == {}


def _kind(document: dict[str, Any], content: dict[str, Any]) -> str:
    return resolved(document, content["schema"]).get("type", "object")


def below(document: dict[str, Any], schema: Any, at: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema below ``schema``, with its place."""
    if not isinstance(schema, dict):
        return
    schema = resolved(document, schema)
    yield at, schema
    for name, part in schema.get("properties", {}).items():
        yield from below(document, part, f"{at}/{name}")
    for name in ("items", "additionalProperties"):
        yield from below(document, schema.get(name), f"{at}/{name}")
    for part in schema.get("anyOf", ()):
        yield from below(document, part, at)


def test_every_request_is_closed_and_every_text_of_it_has_a_longest_length(document):
    wrong = []
    for where, operation in told(document):
        content = operation.get("requestBody", {}).get("content", {}).get(JSON)
        if content is None:
            continue
        for at, schema in below(document, content["schema"], where):
            kinds = schema.get("type")
            kinds = kinds if isinstance(kinds, list) else [kinds]
            if "properties" in schema and schema.get("additionalProperties") is not False:
                wrong.append(f"{at} is open")
            if "string" in kinds and "maxLength" not in schema and "enum" not in schema:
                wrong.append(f"{at} has no maxLength")
            if kinds == [None] and "anyOf" not in schema:
                wrong.append(f"{at} has no type")
    assert wrong == []


def test_every_answer_is_open_and_every_field_has_a_type(document):
    wrong = []
    for where, operation in told(document):
        for response in operation["responses"].values():
            for media, content in resolved(document, response).get("content", {}).items():
                if not media.endswith("json"):
                    continue
                for at, schema in below(document, content["schema"], where):
                    if schema.get("additionalProperties") is False:
                        wrong.append(f"{at} is closed")
                    if not {"type", "anyOf", "$ref"} & set(schema) and schema != {}:
                        wrong.append(f"{at} has no type")
    assert wrong == []


def test_query_texts_have_a_longest_length(document):
    wrong = []
    for where, operation in told(document):
        for given in operation.get("parameters", ()):
            parameter = resolved(document, given)
            if parameter["name"] == "If-None-Match":
                continue  # passed over where it is malformed (RFC 9110 §13.1.2)
            for at, schema in below(document, parameter["schema"], parameter["name"]):
                if schema.get("type") == "string" and not {"maxLength", "enum"} & set(schema):
                    wrong.append(f"{where} {at}")
    assert wrong == []
