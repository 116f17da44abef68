"""API tokens and private links: the verbs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from eventsvc.accounts.models import Credential
from eventsvc.accounts.policy import (
    LONGEST_TOKEN_LIFE,
    NOTED_EVERY,
    grantable_scopes,
    may_grant_role,
)
from eventsvc.audit.actions import record
from eventsvc.core.errors import Invalid
from eventsvc.core.ids import derived_token, digest, new_token
from eventsvc.core.rights import RANKS, ROLES, Actor


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

    ``scopes`` default to all that the role may have and the maker has. A token cannot grant more
    than its maker has (api.md §10).

    Raises:
        Invalid: unknown role or scope, one beyond the maker's own, an organiser missing, an event
            that is not the organiser's, an end in the past or after more than a year.
    """
    wanted = _granted(actor, role, organiser_id, scopes)
    if actor.event_id is not None and event_id != actor.event_id:
        raise Invalid.field("/event_id", "beyond-your-rights", "You may work for one event only.")
    if expires_at is not None and expires_at <= now:
        raise Invalid.field("/expires_at", "in-the-past", "Give an instant to come.")
    if expires_at is not None and expires_at > now + LONGEST_TOKEN_LIFE:
        raise Invalid.field("/expires_at", "too-late", "A token lives for a year at most.")
    token = new_token("evt")
    credential = _stored("evt", token, name=name, role=role, scopes=wanted, now=now)
    credential.organiser_id, credential.event_id = organiser_id, event_id
    credential.account_id = actor.account_id  # its rights end where those of this person end
    credential.expires_at = expires_at or now + LONGEST_TOKEN_LIFE
    _add_bound(session, credential)
    changes = {"role": role, "scopes": wanted}
    record(session, actor, "token.created", credential, now=now, changes=changes)
    return credential, token


def _granted(
    actor: Actor, role: str, organiser_id: str | None, scopes: Iterable[str] | None
) -> list[str]:
    if role not in RANKS:
        raise Invalid.field("/role", "unknown-role", f"One of: {', '.join(sorted(ROLES))}.")
    if organiser_id is None and role != "platform-admin":
        raise Invalid.field("/organiser_id", "required", "This role belongs to one organiser.")
    if not may_grant_role(actor, role):
        raise Invalid.field("/role", "beyond-your-rights", "This role may more than you.")
    allowed = grantable_scopes(actor, role)
    wanted = sorted(set(scopes) if scopes is not None else allowed)
    beyond = [scope for scope in wanted if scope not in allowed]
    if beyond:
        detail = f"Not of this role, or not yours to give: {', '.join(beyond)}."
        raise Invalid.field("/scopes", "scope-not-allowed", detail)
    return wanted


def _add_bound(session: Session, credential: Credential) -> None:
    try:
        with session.begin_nested():
            session.add(credential)
    except IntegrityError as error:
        detail = "There is no such event of this organiser."
        raise Invalid.field("/event_id", "unknown-event", detail) from error


def revoke(session: Session, actor: Actor, credential: Credential, *, now: datetime) -> None:
    """End a credential at once; ending it twice is no error."""
    if credential.revoked_at is None:
        credential.revoked_at = now
        session.flush()
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
    whose = {"organiser_id": organiser_id, "event_id": event_id, "subject_id": registration_id}
    return _link(session, "attendee", whose, secret=secret, now=now, renew=renew)


def issue_speaker_link(
    session: Session,
    *,
    secret: str,
    profile_id: str,
    organiser_id: str,
    event_id: str,
    now: datetime,
    renew: bool = False,
) -> str:
    """The private link token of a speaker's profile; as :func:`issue_link`, with its own scope."""
    whose = {"organiser_id": organiser_id, "event_id": event_id, "subject_id": profile_id}
    return _link(session, "speaker", whose, secret=secret, now=now, renew=renew)


def _link(
    session: Session,
    role: str,
    whose: Mapping[str, str],
    *,
    secret: str,
    now: datetime,
    renew: bool,
) -> str:
    subject_id = whose["subject_id"]
    mine = Credential.kind == "evl", Credential.subject_id == subject_id
    valid = select(Credential).where(*mine, Credential.revoked_at.is_(None))
    standing = session.scalars(valid.order_by(Credential.number.desc())).first()
    if standing is not None and not renew:
        token = derived_token("evl", secret, f"{subject_id}:{standing.number}")
        if digest(token) == standing.digest:
            return token
    if renew:
        end_links(session, subject_id, now=now)
    number = (session.scalar(select(func.max(Credential.number)).where(*mine)) or 0) + 1
    token = derived_token("evl", secret, f"{subject_id}:{number}")
    scopes = sorted(ROLES[role])
    credential = _stored("evl", token, name="private link", role=role, scopes=scopes, now=now)
    credential.organiser_id, credential.event_id = whose["organiser_id"], whose["event_id"]
    credential.subject_id, credential.number = subject_id, number
    session.add(credential)
    session.flush()
    return token


def _stored(
    kind: str, token: str, *, name: str, role: str, scopes: list[str], now: datetime
) -> Credential:
    """A credential row of ``token``: its digest and what may be shown of it (security row 9)."""
    return Credential(
        kind=kind,
        digest=digest(token),
        prefix=token[:8],
        last_four=token[-4:],
        name=name,
        role=role,
        scopes=scopes,
        created_at=now,
    )


def end_links(session: Session, subject_id: str, *, now: datetime) -> None:
    """End every private link of a registration or of a speaker's profile."""
    session.execute(
        update(Credential)
        .where(
            Credential.kind == "evl",
            Credential.subject_id == subject_id,
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
            or_(Credential.last_used_at.is_(None), Credential.last_used_at <= now - NOTED_EVERY),
        )
        .values(last_used_at=now)
    )
