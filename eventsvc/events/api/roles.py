"""Doors: organisations at an event, by role and in order."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from eventsvc.core import clock
from eventsvc.core.http import Door, actor, expect, needs
from eventsvc.core.pages import ListQuery, Page, page
from eventsvc.events import actions, queries
from eventsvc.events.models import OrganisationRole
from eventsvc.events.schemas import (
    OrganisationRoleBody,
    OrganisationRoleOut,
    OrganisationRolePatch,
)

SORTS = {"position": OrganisationRole.position, "role": OrganisationRole.role}

door = Door(
    "organisation-roles",
    __name__,
    url_prefix="/api/v1/events/<event_id>/organisation-roles",
    description="Who organises, hosts, sponsors or attends",
)


@door.get("")
@needs("events:read", gate="event")
@door.query(ListQuery)
@door.lists(OrganisationRoleOut, sort=tuple(SORTS))
def list_organisation_roles(session: Session, query: dict[str, Any], event_id: str) -> Page:
    """List the organisations at an event by role."""
    event = queries.event_for(session, actor(), event_id)
    found = queries.particulars_of(OrganisationRole, event)
    rows = page(session, found, query, sorts=SORTS, default="position")
    return queries.with_names(session, rows)


@door.post("")
@needs("events:write", gate="event")
@door.body(OrganisationRoleBody)
@door.writes(201, OrganisationRoleOut)
def add_organisation_role(
    session: Session, body: dict[str, Any], event_id: str
) -> queries.Credited:
    """Give an organisation a role at an event."""
    event = queries.event_for(session, actor(), event_id)
    row = actions.add_organisation_role(session, actor(), event, body, now=clock.now(session))
    return queries.named(session, row)


@door.get("/<organisation_role_id>")
@needs("events:read", gate="event")
@door.reads(OrganisationRoleOut)
def read_organisation_role(
    session: Session, event_id: str, organisation_role_id: str
) -> queries.Credited:
    """Read a role."""
    event = queries.event_for(session, actor(), event_id)
    row = queries.particular(session, OrganisationRole, event, organisation_role_id)
    return queries.named(session, row)


@door.patch("/<organisation_role_id>")
@needs("events:write", gate="event")
@door.body(OrganisationRolePatch)
@door.writes(200, OrganisationRoleOut, precondition=True)
def change_organisation_role(
    session: Session, body: dict[str, Any], event_id: str, organisation_role_id: str
) -> queries.Credited:
    """Change a role or its place in order."""
    event = queries.event_for(session, actor(), event_id)
    row = queries.particular(session, OrganisationRole, event, organisation_role_id)
    expect(row)
    now = clock.now(session)
    actions.change_organisation_role(session, actor(), event, row, body, now=now)
    return queries.named(session, row)


@door.delete("/<organisation_role_id>")
@needs("events:write", gate="event")
@door.writes(204, precondition=True)
def remove_organisation_role(session: Session, event_id: str, organisation_role_id: str) -> None:
    """Take a role away."""
    event = queries.event_for(session, actor(), event_id)
    row = queries.particular(session, OrganisationRole, event, organisation_role_id)
    expect(row)
    actions.remove_organisation_role(session, actor(), event, row, now=clock.now(session))
