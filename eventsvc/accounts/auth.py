"""Who asks: from the Authorization header or the session cookie to an actor; its last use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import structlog
from flask import Flask, Response, current_app, g, request
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from eventsvc.accounts.actions import note_seen, note_use
from eventsvc.accounts.policy import SEEN_EVERY, rights_of_token, use_is_due
from eventsvc.accounts.queries import (
    credential_shown,
    grants_of,
    organiser_for,
    owner_of,
    session_shown,
)
from eventsvc.core import clock
from eventsvc.core.errors import Forbidden, Unauthenticated
from eventsvc.core.ids import token_kind
from eventsvc.core.rights import OF_LINKS, SCOPES, Actor, Grant, with_grants
from eventsvc.core.transactions import transaction

log = structlog.get_logger(__name__)

KINDS = {"evt": "token", "evl": "link"}
PERSONS = SCOPES - OF_LINKS
"""The scopes of a person's session: the roles alone decide."""
ACCOUNT = "account"
READING = frozenset({"GET", "HEAD", "OPTIONS"})


def authenticate(session: Session, header: str | None, cookie: str | None = None) -> Actor:
    """The actor of a request. Public operations are not asked for one.

    Raises:
        Unauthenticated: neither header nor cookie, one of another form, or one that is not valid.
        Forbidden: a private link that only reads by now, 30 days after the event (row 10).
    """
    if header is None and cookie is not None:
        return _person(session, cookie)
    scheme, _, token = (header or "").partition(" ")
    token = token.strip()
    kind = token_kind(token)
    if scheme.lower() != "bearer" or kind not in KINDS:
        raise Unauthenticated
    now = clock.now(session)
    credential = credential_shown(session, token, now=now)
    if credential is None:
        raise Unauthenticated
    ends = credential.read_only_from
    if ends is not None and ends <= now and request.method not in READING:
        raise Forbidden("This link only reads by now.")
    if use_is_due(credential.last_used_at, now):
        g.last_use = partial(note_use, credential_id=credential.id)
    actor = Actor(
        kind=KINDS[kind],
        name=credential.name,
        credential_id=credential.id,
        role=credential.role,
        scopes=frozenset(credential.scopes),
        organiser_id=credential.organiser_id,
        event_id=credential.event_id,
        subject_id=credential.subject_id,
        account_id=credential.account_id,
    )
    owner = owner_of(session, credential)
    return actor if owner is None else _as_owned(actor, owner)


def _as_owned(actor: Actor, owner: list[Grant]) -> Actor:
    """A token of a person, with the rights that are left of it."""
    left = [right for grant in actor.places for right in rights_of_token(grant, owner)]
    if not left:
        raise Unauthenticated
    return with_grants(actor, left)


def _person(session: Session, cookie: str) -> Actor:
    now = clock.now(session)
    found = session_shown(session, cookie, now=now)
    if found is None:
        raise Unauthenticated
    sitting, account = found
    if sitting.seen_at <= now - SEEN_EVERY:
        g.last_use = partial(note_seen, session_id=sitting.id)
    actor = Actor(
        kind="account",
        name=ACCOUNT,  # whose account it is says its id: names are not kept in the audit trail
        credential_id=sitting.id,
        scopes=PERSONS,
        account_id=account.id,
    )
    return with_grants(actor, grants_of(session, account.id))


def organiser_gate(session: Session, actor: Actor, path: Mapping[str, str]) -> Actor:
    """Let through who may see the organiser of the path, with all it was granted there.

    Raises:
        NotFound: there is none, or it is another's.
    """
    return actor.within(organiser_for(session, actor, path["organiser_id"]).id)


def whole_organiser_gate(session: Session, actor: Actor, path: Mapping[str, str]) -> Actor:
    """As :func:`organiser_gate`, for what concerns more than one event of the organiser.

    Raises:
        NotFound: there is no such organiser, or it is another's.
        Forbidden: what was granted there is for one series or event.
    """
    organiser_gate(session, actor, path)
    found = actor.at(path["organiser_id"])
    if not found.places:
        raise Forbidden("Your rights are for a part; this concerns the whole organiser.")
    return found


def note_last_use(response: Response) -> Response:
    """Note the use of token or session once the answer is out; an ``after_request`` function.

    It has a transaction of its own (api.md §1): a GET has no side effects.
    """
    noted = g.pop("last_use", None)
    if noted is not None:
        # the application itself: the proxy is gone when the answer is closed
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
        response.call_on_close(partial(_note, app, noted))
    return response


def _note(app: Flask, noted: Callable[..., None]) -> None:
    try:
        with app.app_context(), transaction(write=True) as session:
            noted(session, now=clock.now(session))
    except SQLAlchemyError as error:  # the next request notes it
        log.warning("credential.use_not_noted", error=type(error).__name__)
