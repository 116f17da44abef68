"""The one place where a request is judged before its body is read (api.md §1, security.md §2).

size → route → host → rate limit → credentials → rights → ``Accept`` → content type. A view
without a declared need is refused: deny by default.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from eventsvc.core.errors import Forbidden, MalformedRequest, NotFound, Refusal, Unauthenticated
from eventsvc.core.http import bodies, cookies, rates, reading
from eventsvc.core.http.asked import asked, begin, declared
from eventsvc.core.http.declare import LINK, SESSION, SIGNED_IN, SPEAKER, Declaration
from eventsvc.core.ids import is_id
from eventsvc.core.rights import Actor

Authenticate = Callable[[Session, str | None, str | None], Actor]
"""From the ``Authorization`` header, or else the session cookie, to who asks."""
Gate = Callable[[Session, Actor, dict[str, Any]], Actor]
"""Lets through, or raises ``NotFound``; answers the actor as it stands to the thing of the path."""
LONGEST_PATH_VALUE = 300


@dataclass(frozen=True)
class Bench:
    """What the judge is given by ``install``."""

    authenticate: Authenticate
    gates: Mapping[str, Gate]
    hosts: frozenset[str]


def judge() -> None:
    """Judge the present request; a ``before_request`` function."""
    begin()
    view = declared()
    _check_way_in(view)
    rates.judge(view)
    if request.method == "OPTIONS":
        return
    if view is None or not view.judged:
        raise Forbidden
    if view.deprecated is not None:
        view.deprecated.judge()
    _check_rights(view, dict(request.view_args or {}))
    bodies.check_accept(view)
    bodies.check_media(view)


def _check_way_in(view: Declaration | None) -> None:
    """Size, route and host; a call that is refused here is counted, and told so, all the same."""
    try:
        bodies.check_size(view)
        if request.routing_exception is not None:
            raise request.routing_exception
        _check_host(view)
    except (Refusal, HTTPException):
        rates.judge(None, enforced=False)
        raise


def _check_host(view: Declaration | None) -> None:
    host = request.host.lower()
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    if name.strip("[]") not in bench().hosts and not (view is not None and view.any_host):
        raise MalformedRequest("This host name is not served here.")


def bench() -> Bench:
    """What ``install`` gave to this application."""
    found: Bench = current_app.extensions["eventsvc-bench"]
    return found


def _check_rights(view: Declaration, path: dict[str, Any]) -> None:
    if view.public and view.gate is None:
        _check_path(path)
        return
    with reading.judging(view) as session:
        if not view.public:
            asked().actor = _authenticated(session)
            _check_scope(view.scope or "", asked().actor)
        _check_path(path)
        if view.gate is not None:
            asked().actor = bench().gates[view.gate](session, asked().actor, path)
            if not view.public:  # what was granted elsewhere does not count here
                _check_scope(view.scope or "", asked().actor)


def _authenticated(session: Session) -> Actor:
    header, cookie = request.headers.get("Authorization"), cookies.session_cookie()
    try:
        found = bench().authenticate(session, header, cookie)
    except Unauthenticated:
        if header is not None or cookie is not None:
            rates.count_failure()
        raise
    if found.kind == "account":
        cookies.check_csrf(cookie or "")
    return found


def _check_scope(scope: str, actor: Actor) -> None:
    if scope == LINK:
        allowed = actor.kind == "link" and "my" in actor.scopes
    elif scope == SPEAKER:
        allowed = actor.kind == "link" and "speaking" in actor.scopes
    elif scope == SIGNED_IN:
        allowed = actor.kind in ("token", "account")
    elif scope == SESSION:
        allowed = actor.kind == "account"
    else:
        allowed = actor.may(scope)
    if not allowed:
        raise Forbidden(required_scope=scope)


def _check_path(path: dict[str, Any]) -> None:
    """A malformed id, or text no name of ours has, leads nowhere (security.md rows 6, 22)."""
    for name, value in path.items():
        text = str(value)
        malformed = name.endswith("_id") and not is_id(text)
        if malformed or not text.isprintable() or len(text) > LONGEST_PATH_VALUE:
            raise NotFound
