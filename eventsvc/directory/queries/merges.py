"""Questions about merges: who refers to an entry, what would be said twice, what was merged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Column, Table, UniqueConstraint, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import Select

from eventsvc.core.db import Base
from eventsvc.core.errors import NotFound
from eventsvc.core.ids import is_id
from eventsvc.directory.models import Merge, MergeSuggestion, Organisation, Person
from eventsvc.directory.queries.entries import Entry

ALIAS = "merged_into_id"
KINDS: dict[str, type[Organisation] | type[Person]] = {
    "organisation": Organisation,
    "person": Person,
}


def referring_columns(entry: Entry) -> list[Column[Any]]:
    """The columns of all tables that may hold the id of such an entry, by their foreign keys, so
    that higher rooms need not be known here; older aliases keep pointing where they do."""
    own = Base.metadata.tables[entry.__tablename__]
    return [
        key.parent
        for table in Base.metadata.sorted_tables
        for key in sorted(table.foreign_keys, key=lambda key: str(key.parent.name))
        if key.column is own.c.id and key.parent.name != ALIAS
    ]


def rows_with(session: Session, column: Column[Any], entry_id: str) -> list[dict[str, Any]]:
    """The rows of a table that refer to an entry, as plain mappings."""
    found = session.execute(select(column.table).where(column == entry_id))
    return [dict(row) for row in found.mappings()]


def twice(
    column: Column[Any], moving: Iterable[dict[str, Any]], standing: Iterable[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The rows of ``moving`` that would say what a row of ``standing`` says already, by the unique
    keys of the table that hold ``column``."""
    there = list(standing)
    keys = [
        [name for name in names if name != column.name]
        for names in _unique_keys(column.table)
        if column.name in names
    ]
    return [row for row in moving if any(_same(row, other, key) for key in keys for other in there)]


def _unique_keys(table: Any) -> list[list[str]]:
    found: list[list[str]] = []
    if isinstance(table, Table):
        constraints = [one for one in table.constraints if isinstance(one, UniqueConstraint)]
        found = [[column.name for column in one.columns] for one in constraints]
        found += [[column.name for column in one.columns] for one in table.indexes if one.unique]
    return found


def _same(row: dict[str, Any], other: dict[str, Any], key: Sequence[str]) -> bool:
    # an empty column makes no two rows equal, as in the database
    return all(row[name] is not None and row[name] == other[name] for name in key)


def merges_of(organiser_id: str) -> Select[Merge]:
    """The merges of an organiser, without order."""
    return select(Merge).where(Merge.organiser_id == organiser_id)


def merge_of(session: Session, organiser_id: str, merge_id: str) -> Merge:
    """A merge of this organiser.

    Raises:
        NotFound: there is none, it is another organiser's, or the id is malformed.
    """
    if not is_id(merge_id):
        raise NotFound
    found = session.scalars(merges_of(organiser_id).where(Merge.id == merge_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def suggestion_of(session: Session, organiser_id: str, suggestion_id: str) -> MergeSuggestion:
    """A suggestion of this organiser.

    Raises:
        NotFound: there is none, it is another organiser's, or the id is malformed.
    """
    if not is_id(suggestion_id):
        raise NotFound
    wanted = select(MergeSuggestion).where(
        MergeSuggestion.organiser_id == organiser_id, MergeSuggestion.id == suggestion_id
    )
    found = session.scalars(wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def locked(
    session: Session, kind: str, organiser_id: str, ids: Iterable[str]
) -> dict[str, Organisation | Person]:
    """Entries of one organiser by id, as they are now, locked in one order until the end."""
    model: Any = KINDS[kind]
    wanted = (
        select(model)
        .where(model.organiser_id == organiser_id, model.id.in_(set(ids)))
        .order_by(model.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {entry.id: entry for entry in session.scalars(wanted)}


def merges_shown(session: Session, merges: Sequence[Merge]) -> list[dict[str, Any]]:
    """Merges with the names of both entries and numbers of rows; two queries at most."""
    names: dict[str, str] = {}
    for kind, model in KINDS.items():
        ids = {
            id_ for one in merges if one.subject_type == kind for id_ in (one.from_id, one.into_id)
        }
        if ids:
            rows = session.execute(select(model.id, model.name).where(model.id.in_(ids)))
            names.update((row[0], row[1]) for row in rows)
    return [
        {
            **{name: getattr(one, name) for name in
               ("id", "subject_type", "names_added", "at", "by", "undo_until", "undone_at")},
            "merged": {"id": one.from_id, "name": names.get(one.from_id)},
            "into": {"id": one.into_id, "name": names.get(one.into_id)},
            "moved": {table: sum(len(ids) for ids in columns.values())
                      for table, columns in one.moved.items()},
            "set_aside": {table: len(rows) for table, rows in one.set_aside.items()},
        }
        for one in merges
    ]  # fmt: skip
