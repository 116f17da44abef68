"""Who asks: from the Authorization header to an actor, and when that credential was last used."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import structlog
from flask import Flask, Response, current_app, g
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from eventsvc.accounts.actions import note_use
from eventsvc.accounts.policy import use_is_due
from eventsvc.accounts.queries import credential_shown, organiser_for
from eventsvc.core import clock
from eventsvc.core.errors import Forbidden, Unauthenticated
from eventsvc.core.ids import token_kind
from eventsvc.core.rights import Actor
from eventsvc.core.transactions import transaction

log = structlog.get_logger(__name__)

KINDS = {"evt": "token", "evl": "link"}


def authenticate(session: Session, header: str | None) -> Actor:
    """The actor of a request. Public operations are not asked for one.

    Raises:
        Unauthenticated: no header, one of another form, or a token that is not valid.
    """
    scheme, _, token = (header or "").partition(" ")
    token = token.strip()
    kind = token_kind(token)
    if scheme.lower() != "bearer" or kind not in KINDS:
        raise Unauthenticated
    now = clock.now(session)
    credential = credential_shown(session, token, now=now)
    if credential is None:
        raise Unauthenticated
    if use_is_due(credential.last_used_at, now):
        g.credential_used = credential.id
    return Actor(
        kind=KINDS[kind],
        name=credential.name,
        credential_id=credential.id,
        role=credential.role,
        scopes=frozenset(credential.scopes),
        organiser_id=credential.organiser_id,
        event_id=credential.event_id,
        subject_id=credential.subject_id,
    )


def organiser_gate(session: Session, actor: Actor, path: Mapping[str, str]) -> None:
    """Let through who may see the organiser of the path.

    Raises:
        NotFound: there is none, or it is another's.
    """
    organiser_for(session, actor, path["organiser_id"])


def whole_organiser_gate(session: Session, actor: Actor, path: Mapping[str, str]) -> None:
    """As :func:`organiser_gate`, for what concerns more than one event of the organiser.

    Raises:
        NotFound: there is no such organiser, or it is another's.
        Forbidden: the credential is bound to one event.
    """
    organiser_gate(session, actor, path)
    if actor.event_id is not None:
        raise Forbidden("This credential is for one event; this concerns the whole organiser.")


def note_last_use(response: Response) -> Response:
    """Note the use of the credential once the answer is out; an ``after_request`` function.

    It has a transaction of its own (api.md §1): a GET has no side effects.
    """
    credential_id = g.pop("credential_used", None)
    if credential_id is not None:
        # the application itself: the proxy is gone when the answer is closed
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
        response.call_on_close(partial(_note, app, credential_id))
    return response


def _note(app: Flask, credential_id: str) -> None:
    try:
        with app.app_context(), transaction(write=True) as session:
            note_use(session, credential_id, now=clock.now(session))
    except SQLAlchemyError as error:  # the next request notes it
        log.warning("credential.use_not_noted", error=type(error).__name__)
