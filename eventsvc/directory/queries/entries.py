"""Organisations and persons: one, some, by name, by what they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Table, cast, func, or_, select
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.sql import Select
from sqlalchemy.types import String

from eventsvc.core.db import Base
from eventsvc.core.errors import NotFound
from eventsvc.core.ids import is_id
from eventsvc.core.text import search_key
from eventsvc.directory import policy
from eventsvc.directory.models import Organisation, OrganisationFigure, Person, TargetCountry

Entry = Organisation | Person
AnEntry = TypeVar("AnEntry", Organisation, Person)
OWN_TABLES = frozenset({TargetCountry.__tablename__, OrganisationFigure.__tablename__})


def organisation_of(session: Session, organiser_id: str, organisation_id: str) -> Organisation:
    """An organisation of this organiser's directory, its targets loaded.

    Raises:
        NotFound: there is none, it is another organiser's, or the id is malformed.
    """
    if not is_id(organisation_id):
        raise NotFound
    wanted = organisations_of(organiser_id).where(Organisation.id == organisation_id)
    found = session.scalars(wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def person_of(session: Session, organiser_id: str, person_id: str) -> Person:
    """A person of this organiser's directory.

    Raises:
        NotFound: there is none, it is another organiser's, or the id is malformed.
    """
    if not is_id(person_id):
        raise NotFound
    wanted = persons_of(organiser_id).where(Person.id == person_id)
    found = session.scalars(wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def person_standing(session: Session, organiser_id: str, person_id: str) -> Person:
    """The person of this id, or the one that it is an alias of by now.

    Raises:
        NotFound: as :func:`person_of`.
    """
    found = person_of(session, organiser_id, person_id)
    while found.merged_into_id is not None:
        found = person_of(session, organiser_id, found.merged_into_id)
    return found


def organisations_of(organiser_id: str) -> Select[Organisation]:
    """The organisations of an organiser, their targets loaded with them."""
    return (
        select(Organisation)
        .where(Organisation.organiser_id == organiser_id)
        .options(selectinload(Organisation.targets))
    )


def persons_of(organiser_id: str) -> Select[Person]:
    """The persons of an organiser."""
    return select(Person).where(Person.organiser_id == organiser_id)


def organisations_found(
    session: Session, organiser_id: str, filters: Mapping[str, Any]
) -> Select[Organisation]:
    """Organisations by ``kind``, ``country``, ``tag``, ``target_country`` (lists, or),
    ``leading_edge``, ``initiative``, ``phase`` and ``q``; any may be missing.

    ``phase`` narrows ``target_country``; alone it finds whoever names a target in that phase.
    """
    found = organisations_of(organiser_id).where(Organisation.merged_into_id.is_(None))
    for name in ("kind", "country"):
        if filters.get(name):
            found = found.where(getattr(Organisation, name).in_(filters[name]))
    for name in ("leading_edge", "initiative"):
        if filters.get(name) is not None:
            found = found.where(getattr(Organisation, name).is_(filters[name]))
    if filters.get("tag"):
        found = found.where(_has_tag(session, filters["tag"]))
    if filters.get("target_country") or filters.get("phase"):
        found = found.where(_has_target(filters.get("target_country"), filters.get("phase")))
    return found.where(*_words_in(Organisation.search_text, filters.get("q")))


def persons_found(organiser_id: str, filters: Mapping[str, Any]) -> Select[Person]:
    """Persons by ``country`` (list, or) and ``q``; any may be missing."""
    found = persons_of(organiser_id).where(Person.merged_into_id.is_(None))
    if filters.get("country"):
        found = found.where(Person.country.in_(filters["country"]))
    return found.where(*_words_in(Person.search_text, filters.get("q")))


def _has_tag(session: Session, tags: Sequence[str]) -> ColumnElement[bool]:
    lite = session.get_bind().dialect.name == "sqlite"
    listed = func.json_each if lite else func.json_array_elements_text
    rows = listed(Organisation.tags).table_valued("value", name="tags_listed")
    value = cast(rows.c.value, String)
    return select(1).select_from(rows).where(value.in_(tags)).exists()


def _has_target(countries: Sequence[str] | None, phase: str | None) -> ColumnElement[bool]:
    named = select(1).where(TargetCountry.organisation_id == Organisation.id)
    if countries:
        named = named.where(TargetCountry.country.in_(countries))
    if phase:
        named = named.where(TargetCountry.phase == phase)
    return named.exists()


def _words_in(column: Any, q: str | None) -> list[ColumnElement[bool]]:
    """Every word of ``q`` somewhere in the folded names."""
    return [column.contains(word, autoescape=True) for word in search_key(q or "").split()]


def person_named(session: Session, organiser_id: str, name: str) -> Person | None:
    """The person with this name or alias: accents, case and academic titles do not count.

    Of several the one whose name it is comes first, then the one entered first.
    """
    key = policy.person_key(name)
    own = Person.name_key == key
    named = or_(own, is_line(Person.search_text, key))
    wanted = persons_of(organiser_id).where(Person.merged_into_id.is_(None), named)
    return session.scalars(wanted.order_by(own.desc(), Person.created_at, Person.id)).first()


def organisation_named(session: Session, organiser_id: str, name: str) -> Organisation | None:
    """The organisation with this name, legal name, short name or alias, folded."""
    key = policy.organisation_key(name)
    own = Organisation.name_key == key
    named = or_(own, is_line(Organisation.search_text, key))
    wanted = organisations_of(organiser_id).where(Organisation.merged_into_id.is_(None), named)
    ordered = wanted.order_by(own.desc(), Organisation.created_at, Organisation.id)
    return session.scalars(ordered).first()


def is_line(column: Any, key: str) -> ColumnElement[bool]:
    """Whether one of the folded names in ``column`` is exactly ``key``."""
    line: ColumnElement[bool] = column.contains(f"\n{key}\n", autoescape=True)
    return line


def references_to(session: Session, entry: Entry) -> list[str]:
    """The ids of rows anywhere in the house that refer to this entry, at most one per table.

    Found by the foreign keys of all tables, so that higher rooms need not be known here; what
    belongs to the entry itself (targets, figures) goes with it and does not count.
    """
    found: list[str] = []
    own = Base.metadata.tables[entry.__tablename__]
    for table in Base.metadata.sorted_tables:
        found += _rows_pointing(session, table, own, entry.id)
    return found


def _rows_pointing(session: Session, table: Table, own: Table, entry_id: str) -> list[str]:
    if table.name in OWN_TABLES:
        return []
    pointing = [key.parent for key in table.foreign_keys if key.column is own.c.id]
    if not pointing:
        return []
    wanted = select(table.c.id).where(or_(*(column == entry_id for column in pointing))).limit(1)
    return [str(row) for row in session.scalars(wanted)]
