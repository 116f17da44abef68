"""What the whole document shares: problems, headers, parameters, credentials, path parameters."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from apispec import BasePlugin
from flask import Flask
from flask_smorest import Api
from flask_smorest.spec.plugins import FlaskPlugin

from eventsvc.core.http.cookies import CSRF_HEADER, SESSION_COOKIE
from eventsvc.core.http.document import PROBLEM_STATUSES
from eventsvc.core.http.examples import with_examples
from eventsvc.core.text import register_fields

TITLE = "Event service"
VERSION = "1.0.0"
DESCRIPTION = (
    "The back office of a conference series: agendas, registrations, calendars, reminders and"
    " reports. Every error is a problem document (RFC 9457); its `code` is stable."
)
ENTITY_TAGS = r'^(\*|(W/)?"[!#-~]*"( *, *(W/)?"[!#-~]*")*)$'
_TEXT = {"type": "string"}
_ERROR = {
    "type": "object",
    "required": ["code", "detail"],
    "properties": {
        "pointer": {"type": "string", "description": "JSON pointer into the body (RFC 6901)"},
        "parameter": {"type": "string", "description": "Name of a query or header parameter"},
        "code": _TEXT,
        "detail": _TEXT,
    },
}
PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "code", "instance"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": _TEXT,
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "code": _TEXT,
        "detail": _TEXT,
        "instance": {"type": "string", "format": "uri"},
        "errors": {"type": "array", "items": _ERROR},
    },
}
HEADERS = {
    "RequestId": "Id of this request; `instance` of a problem names it",
    "ETag": "Version of the resource, or a weak tag of the answer",
    "Location": "Address of what was made",
    "Link": 'Address of the next page, `rel="next"` (RFC 8288), or of what tells of an ending',
    "Deprecation": "`@` and the Unix time from which the operation is deprecated (RFC 9745)",
    "Sunset": "HTTP date from which the operation answers 410 (RFC 8594)",
    "IdempotentReplayed": "`true` where the answer of an earlier call is repeated",
    "RateLimitPolicy": 'The limits that hold, e.g. `"default";q=600;w=60`',
    "RateLimit": 'What is left of them, e.g. `"default";r=599;t=41`',
    "RetryAfter": "Seconds to wait",
    "Allow": "The methods of this address",
    "WWWAuthenticate": "`Bearer`",
}
_OF_STATUS = {
    401: {"WWW-Authenticate": "WWWAuthenticate"},
    405: {"Allow": "Allow"},
    429: {"Retry-After": "RetryAfter"},
    503: {"Retry-After": "RetryAfter"},
}


class SpeakingPaths(FlaskPlugin):
    """Path parameters: ids are UUIDs."""

    def rule_to_params(self, rule: Any) -> list[dict[str, Any]]:
        """The parameters of a rule, with ``format: uuid`` where the name ends in ``_id``."""
        parameters: list[dict[str, Any]] = super().rule_to_params(rule)
        for parameter in parameters:
            name = parameter["name"]
            if name.endswith("_id"):
                what = name.removesuffix("_id").replace("_", " ")
                parameter["schema"] = {"type": "string", "format": "uuid", "maxLength": 36}
                parameter["description"] = f"Id of the {what}"
        return parameters


class ParameterNames(BasePlugin):
    """Tells which names ``sort`` and ``expand`` take; runs after marshmallow's plugin."""

    def operation_helper(
        self, path: str | None = None, operations: dict[Any, Any] | None = None, **kwargs: Any
    ) -> None:
        """Take the names from ``x-names`` into the parameters; nothing to expand: no ``expand``."""
        del path, kwargs
        for operation in (operations or {}).values():
            names = operation.pop("x-names", {})
            # a string refers to a shared parameter, such as If-Match
            own = [p for p in operation.get("parameters", ()) if isinstance(p, dict)]
            for parameter in [p for p in own if p.get("name") in names]:
                known = names[parameter["name"]]
                if known:
                    sign = "-?" if parameter["name"] == "sort" else ""
                    one = f"{sign}({'|'.join(known)})"
                    parameter["schema"]["pattern"] = f"^{one}(,{one})*$"
                    if parameter["name"] == "fields":
                        continue
                    told = parameter.get("description", parameter["name"].capitalize())
                    parameter["description"] = f"{told}: {', '.join(known)}"
                elif parameter["name"] == "expand":
                    operation["parameters"].remove(parameter)


class HouseApi(Api):
    """flask-smorest for its document only: errors and parsing are ours."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """Leave errors to ``core/http/problems.py``."""


def finished(api: HouseApi) -> dict[str, Any]:
    """The document as it is sent: with examples, and without the leavings of flask-smorest."""
    document: dict[str, Any] = api.spec.to_dict()
    for unused in ("Error", "PaginationMetadata"):
        document["components"]["schemas"].pop(unused, None)
    return with_examples(document)


def specify(app: Flask) -> HouseApi:
    """The API document of ``app``, empty but for what all operations share."""
    app.config.update(API_TITLE=TITLE, API_VERSION=VERSION, OPENAPI_VERSION="3.1.0")
    information = {"description": DESCRIPTION, "license": {"name": "Apache-2.0"}}
    api = HouseApi(
        app,
        spec_kwargs={
            "flask_plugin": SpeakingPaths(),
            "extra_plugins": [ParameterNames()],
            "info": information,
            "servers": [{"url": "/"}],
        },
    )
    register_fields(api.ma_plugin)
    components = api.spec.components
    components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    cookie = {"type": "apiKey", "in": "cookie", "name": SESSION_COOKIE}
    components.security_scheme("session", cookie)
    csrf = {"type": "apiKey", "in": "header", "name": CSRF_HEADER}
    components.security_scheme("csrf", csrf)
    components.schema("Problem", PROBLEM)
    for name, description in HEADERS.items():
        components.header(name, {"description": description, "schema": _TEXT})
    for status in PROBLEM_STATUSES:
        schema = {"$ref": "#/components/schemas/Problem"}
        headers = {"X-Request-Id": "RequestId", **_OF_STATUS.get(status, {})}
        response = {
            "description": HTTPStatus(status).phrase,
            "headers": headers,
            "content": {"application/problem+json": {"schema": schema}},
        }
        components.response(f"Problem{status}", response)
    _parameters(components)
    return api


def _parameters(components: Any) -> None:
    key = {"type": "string", "minLength": 1, "maxLength": 255}
    said = "Repeat a call with the same key and body, and it has happened once"
    tag = {"type": "string", "maxLength": 200, "pattern": ENTITY_TAGS}
    tags = {"type": "string"}  # a malformed one is passed over (RFC 9110 §13.1.2)
    version = 'The ETag you read, e.g. `"7"`'
    for name, header, schema, required, text in (
        ("IdempotencyKey", "Idempotency-Key", key, False, said),
        ("IdempotencyKeyRequired", "Idempotency-Key", key, True, said),
        ("IfMatch", "If-Match", tag, True, version),
        ("IfMatchOptional", "If-Match", tag, False, version),
        ("IfNoneMatch", "If-None-Match", tags, False, "ETags you hold: 304 when one is current"),
    ):
        parameter = {"name": header, "required": required, "schema": schema, "description": text}
        components.parameter(name, "header", parameter)
