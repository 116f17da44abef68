"""Doors: site visits and their steps from state to state."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from eventsvc.agenda import actions as agenda
from eventsvc.agenda import queries as items
from eventsvc.agenda.schemas import ItemQuery, ItemTransitionBody, OneItemQuery
from eventsvc.core import clock
from eventsvc.core.http import Door, actor, expect, needs
from eventsvc.core.pages import Page, page
from eventsvc.events.queries import event_for
from eventsvc.visits import actions, queries
from eventsvc.visits.models import Visit
from eventsvc.visits.schemas import VisitBody, VisitOut, VisitPatch

door = Door(
    "site-visits",
    __name__,
    url_prefix="/api/v1/events/<event_id>/site-visits",
    description="Site visits of an event",
)


@door.get("")
@needs("visits:read", gate="event")
@door.query(ItemQuery)
@door.lists(VisitOut, sort=tuple(items.ITEM_SORTS))
def list_site_visits(session: Session, query: dict[str, Any], event_id: str) -> Page:
    """List site visits, by day, start and position."""
    event = event_for(session, actor(), event_id)
    found = items.with_item_filters(queries.visits_of(event), query)
    listed = page(session, found, query, sorts=items.ITEM_SORTS, default=items.IN_ORDER)
    items.expand(event, [visit.item for visit in listed.items], items.names_asked(query))
    return listed


@door.post("")
@needs("visits:write", gate="event")
@door.body(VisitBody)
@door.writes(201, VisitOut)
def add_site_visit(session: Session, body: dict[str, Any], event_id: str) -> Visit:
    """Add a site visit, planned and hidden until the programme is published."""
    event = event_for(session, actor(), event_id)
    return actions.add_visit(session, actor(), event, body, now=clock.now(session))


@door.get("/<site_visit_id>")
@needs("visits:read", gate="event")
@door.query(OneItemQuery)
@door.reads(VisitOut)
def read_site_visit(
    session: Session, query: dict[str, Any], event_id: str, site_visit_id: str
) -> Visit:
    """Read a site visit; ``expand`` adds speakers, room and track."""
    event = event_for(session, actor(), event_id)
    return queries.visit_expanded(session, event, site_visit_id, items.names_asked(query))


@door.patch("/<site_visit_id>")
@needs("visits:write", gate="event")
@door.body(VisitPatch)
@door.writes(200, VisitOut, precondition=True)
def change_site_visit(
    session: Session, body: dict[str, Any], event_id: str, site_visit_id: str
) -> Visit:
    """Change a site visit; a visible one is live at once."""
    event = event_for(session, actor(), event_id)
    visit = queries.visit_for(session, event, site_visit_id)
    expect(visit)
    return actions.change_visit(session, actor(), event, visit, body, now=clock.now(session))


@door.delete("/<site_visit_id>")
@needs("visits:write", gate="event")
@door.writes(204, precondition=True)
def remove_site_visit(session: Session, event_id: str, site_visit_id: str) -> None:
    """Delete a site visit that no calendar ever showed."""
    event = event_for(session, actor(), event_id)
    visit = queries.visit_for(session, event, site_visit_id)
    expect(visit)
    actions.remove_visit(session, actor(), event, visit, now=clock.now(session))


@door.post("/<site_visit_id>/transitions")
@needs("visits:write", gate="event")
@door.body(ItemTransitionBody)
@door.writes(200, VisitOut, precondition=False)
def step_site_visit(
    session: Session, body: dict[str, Any], event_id: str, site_visit_id: str
) -> Visit:
    """Take a site visit to another state."""
    event = event_for(session, actor(), event_id)
    visit = queries.visit_for(session, event, site_visit_id)
    expect(visit)
    now = clock.now(session)
    agenda.transition_item(session, actor(), event, visit.item, **body, now=now)
    return visit
