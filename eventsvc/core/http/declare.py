"""What a door says about a view: who may come in, what it takes and what it answers.

The decorators of :mod:`eventsvc.core.http.door` write it, the judge and the document read it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from marshmallow import Schema

from eventsvc.core.http.deprecation import Deprecation

SIGNED_IN = "signed-in"
"""Pseudo-scope: any staff credential (``evt_`` or a session), whatever its scopes."""

SESSION = "session"
"""Pseudo-scope: a person signed in with a cookie."""

LINK = "link"
"""Pseudo-scope: a guest's private link (``evl_``)."""

SPEAKER = "speaker-link"
"""Pseudo-scope: a speaker's private link (``evl_``)."""

View = Callable[..., Any]
Sort = tuple[str, ...]


@dataclass
class Declaration:
    """One operation. ``judged`` is False until ``needs`` spoke: such a view answers 403."""

    judged: bool = False
    scope: str | None = None
    gate: str | None = None
    limit: str | None = None
    idempotency_required: bool = False
    any_host: bool = False
    kind: Literal["plain", "reads", "lists", "writes", "sends"] = "plain"
    answer: type[Schema] | None = None
    status: int = 200
    query: type[Schema] | None = None
    body: type[Schema] | None = None
    sort: Sort = ()
    precondition: bool | None = None
    computed: bool = False
    cache: str | None = None
    location: str | None = None
    media: str = "application/json"
    takes: tuple[str, ...] = ("application/json",)
    largest: int | None = None
    form: bool = False
    deprecated: Deprecation | None = None
    view: View | None = None
    before: Callable[..., Any] | None = None

    @property
    def public(self) -> bool:
        """Whether the operation asks for no credential."""
        return self.judged and self.scope is None

    @property
    def takes_upload(self) -> bool:
        """Whether the body goes to the view as bytes, not as JSON."""
        return self.largest is not None and not self.form


def declaration(view: View) -> Declaration:
    """The declaration of ``view``; an empty one is hung on it at the first look."""
    found: Declaration | None = getattr(view, "declared", None)
    if found is None:
        found = Declaration(view=view)
        view.declared = found  # type: ignore[attr-defined]
    return found


def needs(
    scope: str | None,
    *,
    gate: str | None = None,
    limit: str | None = None,
    idempotency_required: bool = False,
    any_host: bool = False,
) -> Callable[[View], View]:
    """Say who may call the view. ``scope`` None: everybody (``security: []``).

    Args:
        scope: a scope of ``core/rights``, :data:`SIGNED_IN`, :data:`LINK`,
            :data:`SPEAKER`, or None.
        gate: name of a gate given to ``install``; it is judged before the body is read.
        limit: name of a rate policy (``core/http/rates.py``) in place of the usual one.
        idempotency_required: a call without ``Idempotency-Key`` is 400 (api.md §3).
        any_host: answered under every host name and not counted (health checks).
    """

    def mark(view: View) -> View:
        found = declaration(view)
        found.judged = True
        found.scope = scope
        found.gate = gate
        found.limit = limit
        found.idempotency_required = idempotency_required
        found.any_host = any_host
        return view

    return mark
