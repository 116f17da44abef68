"""Questions about organisers and credentials."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.sql import Select

from eventsvc.accounts.models import Credential, Organiser
from eventsvc.core.errors import NotFound
from eventsvc.core.ids import digest, is_id
from eventsvc.core.rights import Actor


def organisers_of(actor: Actor) -> Select[Organiser]:
    """The organisers that the actor may see."""
    statement = select(Organiser)
    return statement if actor.everywhere else statement.where(Organiser.id == actor.organiser_id)


def organiser_for(session: Session, actor: Actor, organiser_id: str) -> Organiser:
    """The organiser, if the actor may see it.

    Raises:
        NotFound: there is none, or it is another's.
    """
    if not is_id(organiser_id):
        raise NotFound
    found = session.scalars(organisers_of(actor).where(Organiser.id == organiser_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def credential_shown(session: Session, token: str, *, now: datetime) -> Credential | None:
    """The valid credential that ``token`` is, or None: unknown, revoked or expired."""
    found = session.scalars(
        select(Credential).where(Credential.digest == digest(token))
    ).one_or_none()
    if found is None or found.revoked_at is not None:
        return None
    if found.expires_at is not None and found.expires_at <= now:
        return None
    return found


def credentials_of(organiser_id: str) -> Select[Credential]:
    """The API tokens of an organiser, revoked ones too."""
    return select(Credential).where(
        Credential.organiser_id == organiser_id, Credential.kind == "evt"
    )
