"""Examples for the document, made from the schemas where an operation gives none of its own.

Pure: works on the finished OpenAPI document. A request's example holds what is required, and who
it is about (a patch: its first plain field), so that it can be sent once its ids are real.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from eventsvc.core.http.codes import CODES

METHODS = ("get", "post", "put", "patch", "delete")
DEEPEST = 2
"""From this depth on the lists and the optional parts of an answer's example are empty."""
EXAMPLE_ID = "5b0c2f0e-3d57-4c2a-9a53-0f6d1f6c2a11"
_FORMATS = {
    "uuid": EXAMPLE_ID,
    "date-time": "2027-05-05T09:00:00+02:00",
    "date": "2027-05-05",
    "email": "robin@example.org",
    "uri": "https://example.org/",
    "uri-reference": "/problems/not-found",
    "binary": "",
}
_NAMED = {
    "ends_at": "2027-05-06T17:00:00+02:00",
    "expires_at": "2027-12-31T00:00:00Z",
    "ends_on": "2027-05-06",
    "month": "2027-05",
    "country": "AT",
    "place_country": "AT",
    "language": "en",
    "timezone": "Europe/Vienna",
    "city": "Vienna",
    "mode": "on_site",
    "date_precision": "day",
    "color": "teal",
    "token": "evt_…",
    "link_token": "evl_…",
}
_PATTERNED = (("AT", "[A-Z]{2}"), ("en", "[A-Za-z0-9]{1,8}"), ("2027-05", "[0-9]{4}-"))
Schemas = Mapping[str, Any]


def with_examples(document: dict[str, Any]) -> dict[str, Any]:
    """The document with an example beside every request, answer and problem; changed in place."""
    schemas: Schemas = document["components"]["schemas"]
    for operation in _operations(document):
        for media, content in operation.get("requestBody", {}).get("content", {}).items():
            if media.endswith("json") and "example" not in content:
                content["example"] = request_example(content["schema"], schemas)
        for response in operation["responses"].values():
            for media, content in response.get("content", {}).items():
                if media.endswith("json") and "example" not in content:
                    content["example"] = answer_example(content["schema"], schemas)
    for name, response in document["components"].get("responses", {}).items():
        status = name.removeprefix("Problem")
        for content in response.get("content", {}).values():
            if status.isdigit():
                content["example"] = problem_example(int(status))
    return document


def _operations(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for path in document["paths"].values():
        for method in METHODS:
            if method in path:
                yield path[method]


def problem_example(status: int) -> dict[str, Any]:
    """A problem document of this status, with the first code that has it."""
    code = next(code for code, told in CODES.items() if told.status == status)
    return {
        "type": f"/problems/{code}",
        "title": CODES[code].title,
        "status": status,
        "code": code,
        "instance": f"urn:uuid:{EXAMPLE_ID}",
    }


def request_example(schema: Mapping[str, Any], schemas: Schemas) -> Any:
    """What is required, and name and address; without required fields the first plain one."""
    found = _resolved(schema, schemas)
    properties: Mapping[str, Any] = found.get("properties", {})
    names = list(found.get("required", ()))
    if names:
        names += ["name", "email"]
    else:
        plain = ("string", "integer", "boolean")
        names = [n for n, p in properties.items() if _kind(p) in plain and "format" not in p][:1]
    return {
        name: _value(name, properties[name], schemas, depth=0, asked=True)
        for name in properties
        if name in names
    }


def answer_example(schema: Mapping[str, Any], schemas: Schemas) -> Any:
    """Every field of an answer."""
    return _value("", schema, schemas, depth=0, asked=False)


def _resolved(schema: Mapping[str, Any], schemas: Schemas) -> Mapping[str, Any]:
    if "$ref" in schema:
        found: Mapping[str, Any] = schemas[schema["$ref"].rpartition("/")[2]]
        return found
    return schema


def _kind(schema: Mapping[str, Any]) -> str | None:
    kind = schema.get("type")
    if isinstance(kind, list):
        return next((one for one in kind if one != "null"), None)
    return kind


def _value(
    name: str, given: Mapping[str, Any], schemas: Schemas, *, depth: int, asked: bool
) -> Any:
    schema = _resolved(given, schemas)
    told = _told(schema)
    if told is not None:
        return told
    if "anyOf" in schema:
        inner = schema["anyOf"][0]
        below = depth < DEEPEST
        return _value(name, inner, schemas, depth=depth, asked=asked) if below else None
    kind = _kind(schema)
    if kind == "object" or "properties" in schema:
        return _object(schema, schemas, depth=depth, asked=asked)
    if kind == "array":
        return _list(name, schema, schemas, depth=depth, asked=asked)
    return _plain(name, kind, schema)


def _told(schema: Mapping[str, Any]) -> Any:
    """What the schema itself gives as an example, or the first of its words."""
    given = schema.get("example", schema.get("const"))
    if given is not None:
        return given
    return next(iter(schema.get("examples") or schema.get("enum") or ()), None)


def _object(
    schema: Mapping[str, Any], schemas: Schemas, *, depth: int, asked: bool
) -> dict[str, Any]:
    if asked:
        return dict(request_example(schema, schemas))
    properties: Mapping[str, Any] = schema.get("properties", {})
    return {
        name: _value(name, below, schemas, depth=depth + 1, asked=False)
        for name, below in properties.items()
    }


def _list(
    name: str, schema: Mapping[str, Any], schemas: Schemas, *, depth: int, asked: bool
) -> list[Any]:
    items = schema.get("items", {})
    if depth >= DEEPEST and "$ref" in items:
        return []
    return [_value(name.removesuffix("s"), items, schemas, depth=depth + 1, asked=asked)]


def _plain(name: str, kind: str | None, schema: Mapping[str, Any]) -> Any:
    if kind in ("integer", "number"):
        return max(1, schema.get("minimum", 1)) if name != "year" else 2027
    if kind == "boolean":
        return False
    return _text(name, schema) if kind == "string" else None


def _text(name: str, schema: Mapping[str, Any]) -> str:
    if name in _NAMED:
        return _NAMED[name]
    if schema.get("format") in _FORMATS:
        return _FORMATS[schema["format"]]
    pattern = schema.get("pattern", "")
    for value, part in _PATTERNED:
        if part in pattern:
            return value
    if pattern:  # a slug
        return "example"
    said = f"Example {name.replace('_', ' ')}".strip()
    return said[: schema.get("maxLength", len(said))].ljust(schema.get("minLength", 0), "x")
