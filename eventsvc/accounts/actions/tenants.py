"""Organisers: the verbs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventsvc.accounts.models import Organiser
from eventsvc.audit.actions import record
from eventsvc.core.errors import Conflict
from eventsvc.core.rights import Actor


def add_organiser(
    session: Session, actor: Actor, values: dict[str, Any], *, now: datetime
) -> Organiser:
    """Add an organiser (a tenant).

    Raises:
        Conflict: ``slug-taken``.
    """
    _check_slug(session, values["slug"])
    organiser = Organiser(**values, created_at=now)
    session.add(organiser)
    session.flush()
    record(session, actor, "organiser.added", organiser, now=now)
    return organiser


def change_organiser(
    session: Session, actor: Actor, organiser: Organiser, values: dict[str, Any], *, now: datetime
) -> Organiser:
    """Change fields of an organiser; ``values`` holds only what changes.

    Raises:
        Conflict: ``slug-taken``.
    """
    changed = sorted(name for name, value in values.items() if getattr(organiser, name) != value)
    if "slug" in changed:
        _check_slug(session, values["slug"])
    for name in changed:
        setattr(organiser, name, values[name])
    if changed:
        session.flush()
        record(session, actor, "organiser.changed", organiser, now=now, changes={"fields": changed})
    return organiser


def _check_slug(session: Session, slug: str) -> None:
    taken = session.scalars(select(Organiser.id).where(Organiser.slug == slug)).first()
    if taken is not None:
        raise Conflict("slug-taken", "Another organiser has this slug.", conflicts_with=[taken])
