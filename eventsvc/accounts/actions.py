"""Organisers and credentials: the verbs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from eventsvc.accounts.models import Credential, Organiser
from eventsvc.audit.actions import record
from eventsvc.core.errors import Conflict, Invalid
from eventsvc.core.ids import derived_token, digest, new_token
from eventsvc.core.rights import ROLES, SCOPES, Actor

LONGEST_TOKEN_LIFE = timedelta(days=365)


def add_organiser(
    session: Session, actor: Actor, values: dict[str, Any], *, now: datetime
) -> Organiser:
    """Add an organiser (a tenant).

    Raises:
        Conflict: ``slug-taken``.
    """
    taken = session.scalars(select(Organiser.id).where(Organiser.slug == values["slug"])).first()
    if taken is not None:
        raise Conflict("slug-taken", "Another organiser has this slug.", conflicts_with=[taken])
    organiser = Organiser(**values, created_at=now)
    session.add(organiser)
    session.flush()
    record(session, actor, "organiser.added", organiser, now=now)
    return organiser


def create_token(
    session: Session,
    actor: Actor,
    *,
    name: str,
    role: str,
    now: datetime,
    organiser_id: str | None = None,
    event_id: str | None = None,
    scopes: Iterable[str] | None = None,
    expires_at: datetime | None = None,
) -> tuple[Credential, str]:
    """Make an API token; returns its row and the token, which is shown this once.

    ``scopes`` default to all that the role may have.

    Raises:
        Invalid: unknown role or scope, a life of more than a year, or an organiser missing.
    """
    allowed = ROLES.get(role)
    if allowed is None or role == "attendee":
        raise Invalid.field("/role", "unknown-role", f"One of: {', '.join(sorted(ROLES))}.")
    if organiser_id is None and role != "platform-admin":
        raise Invalid.field("/organiser_id", "required", "This role belongs to one organiser.")
    wanted = sorted(set(scopes) if scopes is not None else allowed)
    for scope in wanted:
        if scope not in SCOPES or scope not in allowed:
            raise Invalid.field("/scopes", "scope-not-allowed", f"{scope!r} is not of this role.")
    if expires_at is not None and expires_at > now + LONGEST_TOKEN_LIFE:
        raise Invalid.field("/expires_at", "too-late", "A token lives for a year at most.")
    token = new_token("evt")
    credential = Credential(
        kind="evt",
        digest=digest(token),
        prefix=token[:8],
        last_four=token[-4:],
        name=name,
        organiser_id=organiser_id,
        event_id=event_id,
        role=role,
        scopes=wanted,
        created_at=now,
        expires_at=expires_at or now + LONGEST_TOKEN_LIFE,
    )
    session.add(credential)
    session.flush()
    record(session, actor, "token.created", credential, now=now, changes={"scopes": wanted})
    return credential, token


def revoke(session: Session, actor: Actor, credential: Credential, *, now: datetime) -> None:
    """End a credential at once; ending it twice is no error."""
    if credential.revoked_at is None:
        credential.revoked_at = now
        record(session, actor, "credential.revoked", credential, now=now)


def issue_link(
    session: Session,
    *,
    secret: str,
    registration_id: str,
    organiser_id: str,
    event_id: str,
    now: datetime,
    renew: bool = False,
) -> str:
    """The private link token (``evl_``) of a registration: the standing one, or a new one.

    It is derived from the secret key and a number, so no row holds it and each attempt to mail it
    makes the same. ``renew`` ends the standing one. After a change of the secret key the standing
    link still works, and the next mail carries a new one beside it.
    """
    standing = session.scalars(
        select(Credential)
        .where(
            Credential.kind == "evl",
            Credential.subject_id == registration_id,
            Credential.revoked_at.is_(None),
        )
        .order_by(Credential.number.desc())
    ).first()
    if standing is not None and not renew:
        token = derived_token("evl", secret, f"{registration_id}:{standing.number}")
        if digest(token) == standing.digest:
            return token
    if renew:
        end_links(session, registration_id, now=now)
    newest = session.scalar(
        select(func.max(Credential.number)).where(Credential.subject_id == registration_id)
    )
    number = (newest or 0) + 1
    token = derived_token("evl", secret, f"{registration_id}:{number}")
    session.add(
        Credential(
            kind="evl",
            digest=digest(token),
            prefix=token[:8],
            last_four=token[-4:],
            name="private link",
            organiser_id=organiser_id,
            event_id=event_id,
            subject_id=registration_id,
            number=number,
            role="attendee",
            scopes=["my"],
            created_at=now,
        )
    )
    session.flush()
    return token


def end_links(session: Session, registration_id: str, *, now: datetime) -> None:
    """End every private link of a registration."""
    session.execute(
        update(Credential)
        .where(
            Credential.kind == "evl",
            Credential.subject_id == registration_id,
            Credential.revoked_at.is_(None),
        )
        .values(revoked_at=now)
    )


def note_use(session: Session, credential_id: str, *, now: datetime) -> None:
    """Note that a credential was used, at most once an hour (api.md §1)."""
    session.execute(
        update(Credential)
        .where(
            Credential.id == credential_id,
            func.coalesce(Credential.last_used_at, Credential.created_at)
            <= now - timedelta(hours=1),
        )
        .values(last_used_at=now)
    )
