"""Doors: which event comes next, came before, or is mentioned."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from eventsvc.core import clock
from eventsvc.core.http import Door, actor, needs
from eventsvc.core.pages import ListQuery, Page, page
from eventsvc.events import actions, queries
from eventsvc.events.models import EventRelation
from eventsvc.events.schemas import EventRelationBody, EventRelationOut

SORTS = {"kind": EventRelation.kind}

door = Door(
    "event-relations",
    __name__,
    url_prefix="/api/v1/events/<event_id>/relations",
    description="Next, previous and mentioned events, printed or derived",
)


@door.get("")
@needs("events:read", gate="event")
@door.query(ListQuery)
@door.lists(EventRelationOut, sort=tuple(SORTS))
def list_event_relations(session: Session, query: dict[str, Any], event_id: str) -> Page:
    """List the events that an event names, or that follow from others."""
    event = queries.event_for(session, actor(), event_id)
    found = queries.particulars_of(EventRelation, event)
    return queries.with_titles(session, page(session, found, query, sorts=SORTS, default="kind"))


@door.post("")
@needs("events:write", gate="event")
@door.body(EventRelationBody)
@door.writes(201, EventRelationOut)
def add_event_relation(session: Session, body: dict[str, Any], event_id: str) -> queries.Related:
    """Relate an event to another."""
    event = queries.event_for(session, actor(), event_id)
    other = queries.event_beside(session, event, body.pop("other_event_id"))
    told = {"source": None, **body, "now": clock.now(session)}
    row = actions.relate(session, actor(), event, other, **told)
    return queries.related(session, row)


@door.get("/<event_relation_id>")
@needs("events:read", gate="event")
@door.reads(EventRelationOut)
def read_event_relation(session: Session, event_id: str, event_relation_id: str) -> queries.Related:
    """Read a relation."""
    event = queries.event_for(session, actor(), event_id)
    row = queries.particular(session, EventRelation, event, event_relation_id)
    return queries.related(session, row)


@door.delete("/<event_relation_id>")
@needs("events:write", gate="event")
@door.writes(204)
def remove_event_relation(session: Session, event_id: str, event_relation_id: str) -> None:
    """Take a relation back."""
    event = queries.event_for(session, actor(), event_id)
    row = queries.particular(session, EventRelation, event, event_relation_id)
    actions.unrelate(session, actor(), event, row, now=clock.now(session))
