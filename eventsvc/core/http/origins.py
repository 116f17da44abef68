"""Calls from pages of other hosts: none but those of the setting (CORS; security row 31).

A page that is let in calls with a token. Cookies are never shared with it: no answer says
``Access-Control-Allow-Credentials``, so ``*`` could not meet them either.
"""

from __future__ import annotations

from flask import Response, request

from eventsvc.core import config

METHODS = "GET, POST, PUT, PATCH, DELETE"
SENT = "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match"
SEEN = "ETag, Link, Location, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id"
REMEMBERED = "600"
"""Seconds that a browser keeps the answer to its question."""


def let_in(response: Response) -> None:
    """Say that the page of the present request may read the answer, if it is one of ours."""
    allowed = config.current().cors_origins
    if not allowed:
        return
    response.vary.add("Origin")  # a cache must not give one page the answer to another
    origin = request.headers.get("Origin")
    if origin not in allowed:
        return
    response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Expose-Headers"] = SEEN
    if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
        response.headers["Access-Control-Allow-Methods"] = METHODS
        response.headers["Access-Control-Allow-Headers"] = SENT
        response.headers["Access-Control-Max-Age"] = REMEMBERED
