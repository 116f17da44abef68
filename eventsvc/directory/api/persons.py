"""Doors: persons."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from eventsvc.core import clock
from eventsvc.core.http import Door, actor, expect, needs
from eventsvc.core.pages import Page, page
from eventsvc.directory import actions, queries
from eventsvc.directory.models import Person
from eventsvc.directory.schemas import PersonBody, PersonOut, PersonPatch, PersonQuery

SORTS = {
    "name": Person.name_key,
    "country": Person.country,
    "created_at": Person.created_at,
}

door = Door(
    "persons",
    __name__,
    url_prefix="/api/v1/organisers/<organiser_id>/persons",
    description="The directory: speakers and contacts",
)


@door.get("")
@needs("directory:read", gate="organiser")
@door.query(PersonQuery)
@door.lists(PersonOut, sort=tuple(SORTS))
def list_persons(session: Session, query: dict[str, Any], organiser_id: str) -> Page:
    """List persons of the directory."""
    found = queries.persons_found(organiser_id, query)
    return page(session, found, query, sorts=SORTS, default="name")


@door.post("")
@needs("directory:write", gate="organiser")
@door.body(PersonBody)
@door.writes(201, PersonOut)
def add_person(session: Session, body: dict[str, Any], organiser_id: str) -> Person:
    """Add a person; look-alikes are suggested for a merge."""
    return actions.add_person(session, actor(), organiser_id, body, now=clock.now(session))


@door.get("/<person_id>")
@needs("directory:read", gate="organiser")
@door.reads(PersonOut)
def read_person(session: Session, organiser_id: str, person_id: str) -> Person:
    """Read a person."""
    return queries.person_of(session, organiser_id, person_id)


@door.patch("/<person_id>")
@needs("directory:write", gate="whole-organiser")
@door.body(PersonPatch)
@door.writes(200, PersonOut, precondition=True)
def change_person(
    session: Session, body: dict[str, Any], organiser_id: str, person_id: str
) -> Person:
    """Change a person."""
    found = queries.person_of(session, organiser_id, person_id)
    expect(found)
    return actions.change_person(session, actor(), found, body, now=clock.now(session))


@door.delete("/<person_id>")
@needs("directory:write", gate="whole-organiser")
@door.writes(204, precondition=True)
def remove_person(session: Session, organiser_id: str, person_id: str) -> None:
    """Remove a person that nothing refers to."""
    found = queries.person_of(session, organiser_id, person_id)
    expect(found)
    actions.remove_person(session, actor(), found, now=clock.now(session))
