"""Questions about organisers, credentials and audit entries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import Select

from eventsvc.accounts.models import Credential, Organiser
from eventsvc.accounts.queries.people import names_of
from eventsvc.audit.models import AuditEntry
from eventsvc.core.errors import NotFound
from eventsvc.core.ids import digest, is_id
from eventsvc.core.pages import Page
from eventsvc.core.rights import Actor


def organisers_of(actor: Actor) -> Select[Organiser]:
    """The organisers that the actor may see."""
    statement = select(Organiser)
    if actor.everywhere:
        return statement
    return statement.where(Organiser.id.in_({grant.organiser_id for grant in actor.seen}))


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


# Built once: asked by every call, and building a statement costs more than its answer.
_PRESENTED = select(Credential).where(Credential.digest == bindparam("digest"))


def credential_shown(session: Session, token: str, *, now: datetime) -> Credential | None:
    """The valid credential that ``token`` is, or None: unknown, revoked or expired."""
    found = session.scalars(_PRESENTED, {"digest": digest(token)}).one_or_none()
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


def api_token(session: Session, organiser_id: str, api_token_id: str) -> Credential:
    """One API token of an organiser; private links are none.

    Raises:
        NotFound: there is none, or it is another organiser's.
    """
    if not is_id(api_token_id):
        raise NotFound
    found = session.scalars(
        credentials_of(organiser_id).where(Credential.id == api_token_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def audit_entries_of(organiser_id: str, filters: Mapping[str, Any]) -> Select[AuditEntry]:
    """The audit entries of an organiser.

    ``filters``: ``action``, ``subject_type`` (lists, or), ``subject_id``, ``event_id``,
    ``credential_id``, ``at_from`` and ``at_before`` (instants); any may be missing.
    """
    statement = select(AuditEntry).where(AuditEntry.organiser_id == organiser_id)
    for name in ("subject_id", "event_id", "credential_id"):
        if filters.get(name):
            statement = statement.where(getattr(AuditEntry, name) == filters[name])
    for name in ("action", "subject_type"):
        if filters.get(name):
            statement = statement.where(getattr(AuditEntry, name).in_(filters[name]))
    if filters.get("at_from"):
        statement = statement.where(AuditEntry.at >= filters["at_from"])
    if filters.get("at_before"):
        statement = statement.where(AuditEntry.at < filters["at_before"])
    return statement


def with_persons(session: Session, listed: Page) -> Page:
    """A page of audit entries in which people who signed in have their present names.

    The trail itself keeps ids only, because it cannot be changed (security.md §3).
    """
    persons = {entry.account_id for entry in listed.items if entry.actor_kind == "account"}
    names = names_of(session, persons)
    items = [
        {**_shown(entry), "actor_name": names.get(entry.account_id or "", entry.actor_name)}
        if entry.actor_kind == "account"
        else entry
        for entry in listed.items
    ]
    return replace(listed, items=items)


def _shown(entry: AuditEntry) -> dict[str, Any]:
    return {column.key: getattr(entry, column.key) for column in AuditEntry.__table__.columns}
