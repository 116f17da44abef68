"""Who asks: from the Authorization header to an actor."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from eventsvc.accounts.queries import credential_shown, organiser_for
from eventsvc.core import clock
from eventsvc.core.errors import Unauthenticated
from eventsvc.core.ids import token_kind
from eventsvc.core.rights import PUBLIC, Actor

KINDS = {"evt": "token", "evl": "link"}


def authenticate(session: Session, header: str | None) -> Actor:
    """The actor of a request; :data:`PUBLIC` when no credentials were sent.

    Raises:
        Unauthenticated: the header is of another form, or the token is not valid.
    """
    if header is None:
        return PUBLIC
    scheme, _, token = header.partition(" ")
    token = token.strip()
    kind = token_kind(token)
    if scheme.lower() != "bearer" or kind not in KINDS:
        raise Unauthenticated
    credential = credential_shown(session, token, now=clock.now(session))
    if credential is None:
        raise Unauthenticated
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
