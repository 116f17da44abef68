"""Organisations at an edition, by role and in order (editions.md §1.2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from eventsvc.audit.actions import record
from eventsvc.core.errors import Conflict
from eventsvc.core.rights import Actor
from eventsvc.events.actions.names import check_organisations
from eventsvc.events.models import Event, OrganisationRole
from eventsvc.events.policy import refuse_archived


def set_organisation_roles(
    session: Session,
    actor: Actor,
    event: Event,
    roles: Sequence[tuple[str, str]],
    *,
    now: datetime,
) -> list[OrganisationRole]:
    """Make these the organisations of an edition: (organisation id, role) pairs in order.

    Roles that stay keep their rows; said twice is not an error.

    Raises:
        Conflict: ``archived``.
        Invalid: an organisation that is not in the organiser's directory.
    """
    refuse_archived(event.state)
    pairs = list(dict.fromkeys(roles))
    known = {f"/{index}/organisation_id": pair[0] for index, pair in enumerate(pairs)}
    check_organisations(session, event.organiser_id, known)
    standing = session.scalars(
        select(OrganisationRole).where(OrganisationRole.event_id == event.id)
    )
    rows = {(row.organisation_id, row.role): row for row in standing}
    for gone in rows.keys() - set(pairs):
        session.delete(rows[gone])
    placed = []
    for position, pair in enumerate(pairs, start=1):
        row = rows.get(pair) or _row(event, *pair, position)
        row.position = position
        session.add(row)
        placed.append(row)
    session.flush()
    record(session, actor, "event.organisations-set", event, now=now, changes={"n": len(placed)})
    return placed


def add_organisation_role(
    session: Session, actor: Actor, event: Event, values: dict[str, Any], *, now: datetime
) -> OrganisationRole:
    """Give one organisation a role at an edition, last in order unless told.

    Raises:
        Conflict: ``archived``, ``role-taken``.
        Invalid: an organisation that is not in the organiser's directory.
    """
    refuse_archived(event.state)
    organisation_id, role = values["organisation_id"], values["role"]
    check_organisations(session, event.organiser_id, {"/organisation_id": organisation_id})
    _check_free(session, event, organisation_id, role)
    position = values.get("position")
    if position is None:
        of_event = OrganisationRole.event_id == event.id
        last = session.scalar(select(func.max(OrganisationRole.position)).where(of_event))
        position = (last or 0) + 1
    row = _row(event, organisation_id, role, position)
    session.add(row)
    session.flush()
    record(session, actor, "organisation-role.added", row, now=now, changes={"role": role})
    return row


def change_organisation_role(
    session: Session,
    actor: Actor,
    event: Event,
    row: OrganisationRole,
    values: dict[str, Any],
    *,
    now: datetime,
) -> OrganisationRole:
    """Change the role or the place in order. Raises Conflict ``archived``, ``role-taken``."""
    refuse_archived(event.state)
    role = values.get("role", row.role)
    if role != row.role:
        _check_free(session, event, row.organisation_id, role)
        row.role = role
    row.position = values.get("position", row.position)
    session.flush()
    changes = {"fields": sorted(values)}
    record(session, actor, "organisation-role.changed", row, now=now, changes=changes)
    return row


def remove_organisation_role(
    session: Session, actor: Actor, event: Event, row: OrganisationRole, *, now: datetime
) -> None:
    """Take a role away. Raises Conflict ``archived``."""
    refuse_archived(event.state)
    record(session, actor, "organisation-role.removed", row, now=now, changes={"role": row.role})
    session.delete(row)
    session.flush()


def _check_free(session: Session, event: Event, organisation_id: str, role: str) -> None:
    statement = select(OrganisationRole.id).where(
        OrganisationRole.event_id == event.id,
        OrganisationRole.organisation_id == organisation_id,
        OrganisationRole.role == role,
    )
    taken = session.scalars(statement).first()
    if taken is not None:
        raise Conflict("role-taken", "It has this role already.", conflicts_with=[taken])


def _row(event: Event, organisation_id: str, role: str, position: int) -> OrganisationRole:
    return OrganisationRole(
        organiser_id=event.organiser_id,
        event_id=event.id,
        organisation_id=organisation_id,
        role=role,
        position=position,
    )
