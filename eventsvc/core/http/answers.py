"""What goes out: JSON, entity tags, links, and the headers of every response (security.md §5)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from flask import Response, request
from marshmallow import Schema

from eventsvc.core.errors import MalformedRequest
from eventsvc.core.http import preconditions
from eventsvc.core.http.asked import asked
from eventsvc.core.http.declare import Declaration
from eventsvc.core.pages import Page
from eventsvc.core.text import ready

MOST_EXPANDED = 5
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
}


def encode(document: Any) -> bytes:
    """JSON in UTF-8, without spaces."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def wanted_fields(schema: type[Schema], query: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The names in ``fields=…``, ``id`` always among them; None for all (api.md §4)."""
    asked_for = query.get("sparse")
    if not asked_for:
        return None
    known = {field.data_key or name: name for name, field in ready(schema).dump_fields.items()}
    names = _names("fields", asked_for, known)
    wanted = {known[name] for name in names} | {"id"}
    return tuple(name for name in known.values() if name in wanted)


def _names(parameter: str, given: str, known: Iterable[str]) -> list[str]:
    names = given.split(",")
    for name in names:
        if name not in known or names.count(name) > 1:
            detail = f"Give some of: {', '.join(sorted(known))}"
            error = {"parameter": parameter, "code": f"unknown-{parameter}", "detail": detail}
            raise MalformedRequest(f"{parameter}: {detail}", errors=[error])
    return names


def check_expand(declared: Declaration, query: Mapping[str, Any]) -> None:
    """Refuse names in ``expand=…`` that the query schema does not offer, or more than five."""
    if not query.get("expand"):
        return
    names = _names("expand", query["expand"], getattr(declared.query, "expandable", ()))
    if len(names) > MOST_EXPANDED:
        raise MalformedRequest(f"expand: At most {MOST_EXPANDED} names")


def one(declared: Declaration, resource: Any, query: Mapping[str, Any]) -> Response:
    """The answer for one resource, or 304 when the caller has it already."""
    body = encode(_dumped(declared, resource, query))
    version = preconditions.version_of(resource)
    partly = declared.computed or bool(query.get("expand") or query.get("sparse"))
    etag = preconditions.weak(body) if version is None or partly else preconditions.strong(version)
    return tagged(declared, body, etag)


def listed(declared: Declaration, page: Page, query: Mapping[str, Any]) -> Response:
    """The answer for a page: items, cursor, total, a link to what follows, a weak tag."""
    if declared.answer is None:
        raise TypeError("a list needs a schema for its items")
    items = ready(declared.answer, wanted_fields(declared.answer, query)).dump(
        page.items, many=True
    )
    document: dict[str, Any] = {"items": items, "next_cursor": page.next_cursor}
    if page.total is not None:
        document["total"] = page.total
    body = encode(document)
    response = tagged(declared, body, preconditions.weak(body))
    if page.next_cursor is not None:
        parameters = [pair for pair in request.args.items(multi=True) if pair[0] != "cursor"]
        target = urlencode([*parameters, ("cursor", page.next_cursor)])
        response.headers["Link"] = f'<{quote(request.path)}?{target}>; rel="next"'
    return response


def _dumped(declared: Declaration, resource: Any, query: Mapping[str, Any]) -> Any:
    if declared.answer is None:
        return resource
    return ready(declared.answer, wanted_fields(declared.answer, query)).dump(resource)


def tagged(declared: Declaration, body: bytes, etag: str) -> Response:
    """A 200 with its tag, or a 304 without a body."""
    fresh = preconditions.is_fresh(etag)
    response = Response(b"" if fresh else body, 304 if fresh else 200, content_type=declared.media)
    if fresh:
        response.headers.remove("Content-Type")
    response.headers["ETag"] = etag
    if declared.cache:
        response.headers["Cache-Control"] = declared.cache
    return response


def written(declared: Declaration, resource: Any, path: Mapping[str, Any]) -> Response:
    """The answer of a call that changed something: status, body, ``ETag``, ``Location``."""
    if declared.status == 204:
        response = Response(status=204)
        response.headers.remove("Content-Type")
        return response
    dumped = _dumped(declared, resource, {})
    response = Response(encode(dumped), declared.status, content_type=declared.media)
    version = preconditions.version_of(resource)
    if version is not None and not declared.computed:
        response.headers["ETag"] = preconditions.strong(version)
    if declared.location is not None:
        response.headers["Location"] = declared.location.format(**{**path, **dumped})
    elif declared.status == 201:
        response.headers["Location"] = f"{request.path}/{dumped['id']}"
    return response


def finish(response: Response) -> Response:
    """Headers of every response; a view's own (``header``) win."""
    now = asked()
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if response.status_code < 400:
        response.headers.update(now.headers)
        for cookie in now.cookies:
            response.headers.add("Set-Cookie", cookie)
    response.headers["X-Request-Id"] = now.id
    return response
