"""Members: who has which role where."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from eventsvc.accounts.models import Account, Membership, Organiser
from eventsvc.accounts.policy import check_offer, check_outranks
from eventsvc.accounts.queries import admins_left
from eventsvc.audit.actions import record
from eventsvc.core.errors import Conflict, Invalid
from eventsvc.core.rights import Actor

FIELDS = ("role", "series_id", "event_id", "sensitive")


def add_member(
    session: Session,
    actor: Actor,
    account: Account,
    *,
    organiser_id: str | None,
    role: str,
    series_id: str | None = None,
    event_id: str | None = None,
    sensitive: bool = False,
    now: datetime,
) -> Membership:
    """Give an account a role; the same role at the same place is not given twice.

    Raises:
        Invalid: a role above the actor's, a place where it cannot be held, a foreign series or
            event.
    """
    values = {"role": role, "series_id": series_id, "event_id": event_id, "sensitive": sensitive}
    check_offer(actor, values)
    found = _standing(session, account, organiser_id, values)
    if found is not None:
        return found
    member = Membership(account_id=account.id, organiser_id=organiser_id, created_at=now, **values)
    add_placed(session, member)
    record(session, actor, "member.added", member, now=now, changes={"role": role})
    return member


def _standing(
    session: Session, account: Account, organiser_id: str | None, values: Mapping[str, Any]
) -> Membership | None:
    wanted = {"account_id": account.id, "organiser_id": organiser_id, **values}
    same = [getattr(Membership, name).is_not_distinct_from(v) for name, v in wanted.items()]
    return session.scalars(select(Membership).where(*same)).first()


def add_placed(session: Session, thing: Any) -> None:
    """Write a role that lies in a series or event.

    Raises:
        Invalid: these are not of its organiser.
    """
    name = "series" if thing.series_id is not None else "event"
    try:
        with session.begin_nested():
            session.add(thing)
            session.flush()
    except IntegrityError as error:
        detail = f"There is no such {name} of this organiser."
        raise Invalid.field(f"/{name}_id", f"unknown-{name}", detail) from error


def change_member(
    session: Session, actor: Actor, member: Membership, values: Mapping[str, Any], *, now: datetime
) -> Membership:
    """Change role or place of a member; it holds from the next call on.

    Raises:
        Forbidden: the member stands above the actor.
        Invalid: as :func:`add_member`.
        Conflict: ``last-organiser-admin``.
    """
    check_outranks(actor, member.role)
    wished = {name: getattr(member, name) for name in FIELDS} | dict(values)
    check_offer(actor, wished)
    if wished["role"] != "organiser-admin":
        _keep_one_admin(session, member)
    changed = sorted(name for name in FIELDS if getattr(member, name) != wished[name])
    for name in changed:
        setattr(member, name, wished[name])
    if changed:
        add_placed(session, member)
        told = {"fields": changed, "role": member.role}
        record(session, actor, "member.changed", member, now=now, changes=told)
    return member


def remove_member(session: Session, actor: Actor, member: Membership, *, now: datetime) -> None:
    """Take a role away; sessions and tokens lose it with the next call.

    Raises:
        Forbidden: the member stands above the actor.
        Conflict: ``last-organiser-admin``.
    """
    check_outranks(actor, member.role)
    _keep_one_admin(session, member)
    record(session, actor, "member.removed", member, now=now, changes={"role": member.role})
    session.delete(member)
    session.flush()


def _keep_one_admin(session: Session, member: Membership) -> None:
    """Refuse to leave an organiser without anybody who can administer it."""
    if member.role != "organiser-admin" or member.organiser_id is None:
        return
    locked = select(Organiser.id).where(Organiser.id == member.organiser_id)
    session.execute(locked.with_for_update(key_share=True))
    if admins_left(session, member.organiser_id, without=member.id) == 0:
        raise Conflict("last-organiser-admin", "First make somebody else organiser admin.")
