"""The OpenAPI 3.1 document, made from the declarations of the doors (api.md §1)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from eventsvc.core.http.declare import LINK, SESSION, SPEAKER, Declaration, View, declaration
from eventsvc.core.text import ready

PROBLEM_STATUSES = (
    400, 401, 403, 404, 405, 406, 409, 410, 411, 412, 413, 415, 422, 428, 429, 500, 503,
)  # fmt: skip
_RATE_HEADERS = {"RateLimit-Policy": "RateLimitPolicy", "RateLimit": "RateLimit"}


def described(view: View, method: str) -> dict[str, Any]:
    """The operation object of one view; schemas stay classes, apispec names them."""
    found = declaration(view)
    operation: dict[str, Any] = {
        "operationId": view.__name__,
        "parameters": _parameters(found, method),
        "responses": _success(found, method) | _problems(found, method),
        "security": _security(found, method),
    }
    if found.query is not None:
        operation["x-names"] = {
            "sort": list(found.sort),
            "expand": list(getattr(found.query, "expandable", ())),
            "fields": _fields(found),
        }
    if found.scope is not None:
        operation["x-required-scope"] = found.scope
    if found.deprecated is not None:
        operation["deprecated"] = True
    if found.body is not None:
        content: dict[str, Any] = {found.takes[0]: {"schema": found.body}}
        example = getattr(found.body, "example", None)
        if example is not None:
            content[found.takes[0]]["example"] = dict(example)
        operation["requestBody"] = {"required": True, "content": content}
    elif found.takes_upload:
        binary = {"schema": {"type": "string", "format": "binary", "maxLength": found.largest}}
        content = dict.fromkeys(found.takes, binary)
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _security(found: Declaration, method: str) -> list[dict[str, list[str]]]:
    """Staff come with a token or a session; a session proves unsafe calls (security row 11)."""
    if found.public:
        return []
    bearer: dict[str, list[str]] = {"bearer": []}
    session: dict[str, list[str]] = {"session": []}
    if method not in ("GET", "HEAD"):
        session["csrf"] = []
    if found.scope in (LINK, SPEAKER):
        return [bearer]
    return [session] if found.scope == SESSION else [bearer, session]


def _fields(found: Declaration) -> list[str]:
    if found.answer is None:
        return []
    return [field.data_key or name for name, field in ready(found.answer).dump_fields.items()]


def _parameters(found: Declaration, method: str) -> list[Any]:
    parameters: list[Any] = []
    if found.query is not None:
        parameters.append({"in": "query", "schema": found.query})
    if method == "POST" and found.kind == "writes":
        required = found.idempotency_required
        parameters.append("IdempotencyKeyRequired" if required else "IdempotencyKey")
    if found.precondition is not None:
        parameters.append("IfMatch" if found.precondition else "IfMatchOptional")
    if found.kind in ("reads", "lists", "sends"):
        parameters.append("IfNoneMatch")
    return parameters


def _success(found: Declaration, method: str) -> dict[str, Any]:
    headers = {"X-Request-Id": "RequestId", **_RATE_HEADERS}
    if found.kind in ("reads", "lists", "sends"):
        headers["ETag"] = "ETag"
    if found.kind == "writes" and found.status not in (202, 204) and not found.computed:
        headers["ETag"] = "ETag"
    if found.deprecated is not None:
        headers |= {"Deprecation": "Deprecation", "Sunset": "Sunset", "Link": "Link"}
    if found.status == 201 or found.location is not None:
        headers["Location"] = "Location"
    if found.kind == "lists":
        headers["Link"] = "Link"
    if method == "POST" and found.kind == "writes":
        headers["Idempotent-Replayed"] = "IdempotentReplayed"
    response: dict[str, Any] = {
        "description": _phrase(found),
        "headers": headers,
    }
    content = _content(found)
    if content is not None:
        response["content"] = {found.media: {"schema": content}}
    responses = {str(found.status): response}
    if found.kind in ("reads", "lists", "sends"):
        unchanged = {"description": "Not modified since", "headers": {"ETag": "ETag"}}
        responses["304"] = unchanged
    return responses


def _phrase(found: Declaration) -> str:
    return "A page of the list" if found.kind == "lists" else HTTPStatus(found.status).phrase


def _content(found: Declaration) -> Any:
    if found.kind == "lists":
        return {
            "type": "object",
            "required": ["items", "next_cursor"],
            "properties": {
                "items": {"type": "array", "items": found.answer},
                "next_cursor": {"type": ["string", "null"], "maxLength": 500},
                "total": {"type": "integer", "minimum": 0},
            },
        }
    if found.kind in ("reads", "writes"):
        return found.answer
    return {"type": "string"} if found.kind == "sends" else None


def _problems(found: Declaration, method: str) -> dict[str, str]:
    statuses = {400, 404, 405, 406, 429, 500, 503}
    if not found.public:
        statuses |= {401, 403}
    if found.limit == "login":
        statuses.add(401)  # the body holds the credentials
    if method != "GET":
        statuses |= {409, 411, 413, 415, 422}
    if found.deprecated is not None:
        statuses.add(410)
    if found.precondition is not None:
        statuses |= {412, 428} if found.precondition else {412}
    return {str(status): f"Problem{status}" for status in sorted(statuses)}
