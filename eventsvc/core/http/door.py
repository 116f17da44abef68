"""The door: a flask-smorest blueprint whose views are told what they take and answer.

Decorators only declare; :mod:`eventsvc.core.http.judge` and :mod:`eventsvc.core.http.calls` act
on it, and :mod:`eventsvc.core.http.document` describes it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from flask import Response
from flask_smorest import Blueprint
from flask_smorest.utils import deepupdate
from marshmallow import Schema

from eventsvc.core.http import calls, document
from eventsvc.core.http.declare import Sort, View, declaration
from eventsvc.core.http.deprecation import Deprecation
from eventsvc.core.http.forms import MULTIPART, ROOM_AROUND

Decorator = Callable[[View], View]


class Door(Blueprint):
    """A blueprint of one room."""

    def add_url_rule(
        self, rule: str, endpoint: str | None = None, view_func: View | None = None, **options: Any
    ) -> None:
        """Register a view, described from its declaration."""
        if view_func is not None:
            method = (options.get("methods") or ["GET"])[0]
            said = getattr(view_func, "_apidoc", {}).get("manual_doc", {})  # by @door.doc(…)
            described = deepupdate(document.described(view_func, method), said)
            view_func._apidoc = {"manual_doc": described}  # type: ignore[attr-defined]  # noqa: SLF001
        super().add_url_rule(rule, endpoint, view_func, **options)

    def query(self, schema: type[Schema]) -> Decorator:
        """The view takes query parameters, passed as a dict after the session."""

        def mark(view: View) -> View:
            declaration(view).query = schema
            return view

        return mark

    def body(self, schema: type[Schema]) -> Decorator:
        """The view takes a JSON body, passed as a dict after the session (and the query)."""

        def mark(view: View) -> View:
            declaration(view).body = schema
            return view

        return mark

    def before(self, work: Callable[..., Any]) -> Decorator:
        """Slow work before the transaction opens (hashing, a call to another host).

        ``work`` gets ``query``, ``body`` (of an upload ``content``) and the path values by name, as
        far as there are any;
        what it answers is the last argument of the view before the path.
        """

        def mark(view: View) -> View:
            declaration(view).before = work
            return view

        return mark

    def upload(self, *media: str, largest: int) -> Decorator:
        """The view takes bytes of one of these media types, passed after the session."""

        def mark(view: View) -> View:
            found = declaration(view)
            found.takes = media
            found.largest = largest
            return view

        return mark

    def form(self, schema: type[Schema], *, largest: int) -> Decorator:
        """The view takes a form with a file, passed as a dict after the session (and the query).

        ``schema`` has a ``FilePart`` for the file, of at most ``largest`` bytes, and fields that
        read texts (the query fields).
        """

        def mark(view: View) -> View:
            found = declaration(view)
            found.body = schema
            found.form = True
            found.takes = (MULTIPART,)
            found.largest = largest + ROOM_AROUND
            return view

        return mark

    def deprecated(self, *, since: date, sunset: date, see: str) -> Decorator:
        """The operation ends: it says so from now on, and answers 410 from ``sunset`` on.

        Raises:
            ValueError: there are fewer than 180 days between the two (api.md §13).
        """
        ending = Deprecation(since, sunset, see)

        def mark(view: View) -> View:
            declaration(view).deprecated = ending
            return view

        return mark

    def reads(
        self, answer: type[Schema], *, computed: bool = False, cache: str | None = None
    ) -> Decorator:
        """One resource: ``view(session, [query,] **path)`` in a reading transaction.

        Its version becomes a strong ``ETag``; ``computed`` (or no version) makes a weak one.
        ``cache`` is the ``Cache-Control`` of the answer.
        """
        return _kind(calls.read, kind="reads", answer=answer, computed=computed, cache=cache)

    def lists(self, item: type[Schema], *, sort: Sort = (), cache: str | None = None) -> Decorator:
        """A list: the view returns a :class:`eventsvc.core.pages.Page` of ``item``.

        ``sort`` documents the names that ``sort=`` takes; ``pages.page`` judges them.
        """
        return _kind(calls.read, kind="lists", answer=item, sort=sort, cache=cache)

    def sends(self, media: str, *, cache: str | None = None) -> Decorator:
        """Something else than JSON: the view returns text, bytes, or a whole response."""
        return _kind(calls.read, kind="sends", media=media, cache=cache)

    def writes(
        self,
        status: int,
        answer: type[Schema] | None = None,
        *,
        precondition: bool | None = None,
        computed: bool = False,
        location: str | None = None,
    ) -> Decorator:
        """A change: ``view(session, [query,] [body,] **path)`` in a writing transaction.

        Args:
            status: the status of success; 204 has no body.
            answer: schema of the body.
            precondition: True demands ``If-Match``, False takes it when given; in both cases
                the view calls ``expect(resource)``.
            computed: the answer holds more than the resource, so it gets no ``ETag``.
            location: template of ``Location`` over path values and body, such as
                ``/api/v1/jobs/{id}``. A 201 without one points below its own address.
        """
        return _kind(
            calls.write,
            kind="writes",
            status=status,
            answer=answer,
            precondition=precondition,
            computed=computed,
            location=location,
        )


def _kind(call: Callable[..., Response], **told: Any) -> Decorator:
    def make(view: View) -> View:
        found = declaration(view)
        for name, value in told.items():
            setattr(found, name, value)

        @wraps(view)  # carries the declaration along
        def called(**path: Any) -> Response:
            return call(found, path)

        return called

    return make
