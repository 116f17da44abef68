"""Organisations and other editions of an edition, with the names that answers show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from sqlalchemy import bindparam, inspect, select
from sqlalchemy.orm import Session

from eventsvc.core.errors import Invalid
from eventsvc.core.pages import Page
from eventsvc.directory.models import Organisation
from eventsvc.events.models import Event, EventRelation, OrganisationRole
from eventsvc.events.policy import credit_line


@cache
def column_names(kind: type[Any]) -> tuple[str, ...]:
    """The names of the columns of a table."""
    return tuple(inspect(kind).columns.keys())


@dataclass(frozen=True)
class Credited:
    """An organisation in its role at an edition."""

    row: OrganisationRole
    name: str
    short_name: str | None
    website: str | None

    @property
    def id(self) -> str:
        """Id of the role."""
        return self.row.id

    @property
    def version(self) -> int:
        """Version of the role."""
        return self.row.version


@dataclass(frozen=True)
class Related:
    """A relation and the edition it leads to."""

    id: str
    kind: str
    basis: str
    source: str | None
    other_event_id: str
    slug: str
    title: str
    public: bool


# Built once: what every public page asks for.
_CREDITED = (
    select(OrganisationRole, Organisation.name, Organisation.short_name, Organisation.website)
    .join(Organisation, Organisation.id == OrganisationRole.organisation_id)
    .where(OrganisationRole.event_id == bindparam("event_id"))
    .order_by(OrganisationRole.position, OrganisationRole.id)
)
_RELATED = (
    select(
        EventRelation.id,
        EventRelation.kind,
        EventRelation.basis,
        EventRelation.source,
        EventRelation.other_event_id,
        Event.slug,
        Event.title,
        Event.announced_at.is_not(None),
    )
    .join(Event, Event.id == EventRelation.other_event_id)
    .where(EventRelation.event_id == bindparam("event_id"))
    .order_by(EventRelation.kind, Event.sort_on, EventRelation.id)
)


def credited(session: Session, event_id: str) -> list[Credited]:
    """The organisations of an edition in order, with their names."""
    return [Credited(*row) for row in session.execute(_CREDITED, {"event_id": event_id})]


def credit_of(organisations: Iterable[Credited]) -> str | None:
    """The credit line of an edition (editions.md §1.2)."""
    return credit_line((one.row.role, one.name) for one in organisations)


def relations_of(session: Session, event_id: str, *, public: bool = False) -> list[Related]:
    """Next, previous, announced in, related; for the public only those it may see."""
    found = [Related(*row) for row in session.execute(_RELATED, {"event_id": event_id})]
    return [one for one in found if one.public or not public]


def named(session: Session, row: OrganisationRole) -> Credited:
    """A role with the name of its organisation."""
    names = (Organisation.name, Organisation.short_name, Organisation.website)
    statement = select(*names).where(Organisation.id == row.organisation_id)
    return Credited(row, *session.execute(statement).one())


def with_names(session: Session, listed: Page) -> Page:
    """A page of roles with the names of their organisations, in one query more."""
    ids = {row.organisation_id for row in listed.items}
    names = (Organisation.name, Organisation.short_name, Organisation.website)
    found = session.execute(select(Organisation.id, *names).where(Organisation.id.in_(ids)))
    by_id = {row[0]: row[1:] for row in found}
    items = [Credited(row, *by_id[row.organisation_id]) for row in listed.items]
    return replace(listed, items=items)


def related(session: Session, row: EventRelation) -> Related:
    """A relation with the title of the other edition."""
    found: Related = with_titles(session, Page([row])).items[0]
    return found


def with_titles(session: Session, listed: Page) -> Page:
    """A page of relations with the titles of the other editions, in one query more."""
    ids = {row.other_event_id for row in listed.items}
    columns = (Event.id, Event.slug, Event.title, Event.announced_at.is_not(None))
    found = session.execute(select(*columns).where(Event.id.in_(ids)))
    by_id = {row[0]: row[1:] for row in found}
    items = [
        Related(
            row.id, row.kind, row.basis, row.source, row.other_event_id, *by_id[row.other_event_id]
        )
        for row in listed.items
    ]
    return replace(listed, items=items)


def event_beside(session: Session, event: Event, other_event_id: str) -> Event:
    """Another edition of the same organiser, named in a body.

    Raises:
        Invalid: ``unknown-event``.
    """
    statement = select(Event).where(
        Event.id == other_event_id, Event.organiser_id == event.organiser_id
    )
    found = session.scalars(statement).one_or_none()
    if found is None:
        raise Invalid.field("/other_event_id", "unknown-event", "There is no such event")
    return found
