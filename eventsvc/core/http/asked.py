"""What is known of the request being answered; it lives in ``flask.g``."""

from __future__ import annotations

import uuid
from contextlib import ExitStack
from dataclasses import dataclass, field

from flask import current_app, g, request
from sqlalchemy.orm import Session
from structlog.contextvars import bind_contextvars, clear_contextvars

from eventsvc.core import clock
from eventsvc.core.http.declare import Declaration, declaration
from eventsvc.core.rights import PUBLIC, Actor


@dataclass
class Asked:
    """One request. ``id`` is made here: an id sent by the client is never taken over."""

    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    started: float = field(default_factory=clock.monotonic)
    actor: Actor = PUBLIC
    headers: dict[str, str] = field(default_factory=dict)
    cookies: list[str] = field(default_factory=list)
    expected: bool = False
    discarded: bool = False
    rates: list[tuple[str, str]] = field(default_factory=list)
    reading: Session | None = None
    stack: ExitStack | None = None


def asked() -> Asked:
    """The request being answered."""
    if "asked" not in g:
        g.asked = Asked()
    found: Asked = g.asked
    return found


def begin() -> None:
    """Start a request afresh, also where several share one application context (tests)."""
    g.asked = Asked()
    clear_contextvars()
    bind_contextvars(request_id=g.asked.id)


def actor() -> Actor:
    """Who asks: the authenticated caller, or :data:`eventsvc.core.rights.PUBLIC`."""
    return asked().actor


def header(name: str, value: str) -> None:
    """Set a header of the answer, from inside a view."""
    asked().headers[name] = value


def discard() -> None:
    """Roll this call back once its answer is made: a trial run (``dry_run=true``)."""
    asked().discarded = True


def declared() -> Declaration | None:
    """The declaration of the view this request was routed to."""
    view = current_app.view_functions.get(request.endpoint or "")
    return None if view is None else declaration(view)
