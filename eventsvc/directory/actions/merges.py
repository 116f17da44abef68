"""Two entries become one, and two again within 30 days (api.md §6)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Table, delete, insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from eventsvc.audit.actions import record
from eventsvc.core.errors import Conflict, Invalid, TransitionNotAllowed
from eventsvc.core.rights import Actor
from eventsvc.directory import queries
from eventsvc.directory.actions.naming import key_names, suggest_merges
from eventsvc.directory.models import Merge, MergeSuggestion, Organisation
from eventsvc.directory.queries import Entry

UNDO_WITHIN = timedelta(days=30)
AT_ONCE = 500
SUGGESTION_STEPS = {"open": ("dismissed",), "dismissed": ("open",), "merged": ()}
Moved = dict[str, dict[str, list[str]]]
Rows = dict[str, list[dict[str, Any]]]


def merge(session: Session, actor: Actor, entry: Entry, into_id: str, *, now: datetime) -> Merge:
    """Make ``entry`` an alias of another entry of the same kind and organiser.

    Every row that refers to it refers to the other one then; rows that would say the same twice
    are set aside. Its names become aliases of the other. All of it comes back by :func:`undo`.

    Raises:
        Invalid: the other is not there, or it is itself.
        Conflict: ``already-merged``; ``merge-collision`` where both have a role that stands in a
            programme or holds more than words: a person must take one of them out first.
    """
    kind = _kind(entry)
    if into_id == entry.id:
        raise Invalid.field("/into", "same-entry", "Name another entry")
    both = queries.locked(session, kind, entry.organiser_id, (entry.id, into_id))
    if into_id not in both:
        raise Invalid.field("/into", f"unknown-{kind}", f"There is no such {kind}")
    entry, into = both[entry.id], both[into_id]
    gone = [one.id for one in (entry, into) if one.merged_into_id is not None]
    if gone:
        raise Conflict("already-merged", "It is an alias already.", conflicts_with=gone)
    moved, aside = _move(session, entry, into)
    names = _give_names(entry, into)
    entry.merged_into_id = into.id
    made = Merge(
        organiser_id=entry.organiser_id, subject_type=kind, from_id=entry.id, into_id=into.id,
        moved=moved, set_aside=aside, names_added=names, at=now, by=actor.name,
        undo_until=now + UNDO_WITHIN,
    )  # fmt: skip
    session.add(made)
    session.flush()
    _settle_suggestions(session, entry, into)
    counts = {table: sum(map(len, columns.values())) for table, columns in moved.items()}
    changes = {"into": into.id, "moved": counts}
    record(session, actor, f"{kind}.merged", entry, now=now, changes=changes)
    session.expire_all()
    return made


def _kind(entry: Entry) -> str:
    return "organisation" if isinstance(entry, Organisation) else "person"


def _move(session: Session, entry: Entry, into: Entry) -> tuple[Moved, Rows]:
    """Let every reference point to the other entry: what was moved, and what was set aside."""
    moved: Moved = {}
    aside: Rows = {}
    collisions: list[str] = []
    for column in queries.referring_columns(entry):
        rows = queries.rows_with(session, column, entry.id)
        if not rows:
            continue
        double = queries.twice(column, rows, queries.rows_with(session, column, into.id))
        collisions += [row["id"] for row in double if not _plain(row)]
        apart = {row["id"] for row in double}
        table = str(column.table.name)
        if double:
            aside.setdefault(table, []).extend(double)
        ids = [row["id"] for row in rows if row["id"] not in apart]
        if ids:
            moved.setdefault(table, {})[str(column.name)] = ids
    if collisions:
        raise Conflict(
            "merge-collision",
            "Both have the same role there: take one of the two out first.",
            conflicts_with=sorted(collisions),
        )
    for name, rows in aside.items():
        held = _table(entry, name)
        session.execute(delete(held).where(held.c.id.in_([row["id"] for row in rows])))
    for name, columns in moved.items():
        for column_name, ids in columns.items():
            _point(session, _table(entry, name).c[column_name], ids, into.id)
    return moved, aside


def _plain(row: dict[str, Any]) -> bool:
    """Whether a row holds ids, numbers and words alone, and stands in no calendar."""
    words = all(value is None or isinstance(value, str | int) for value in row.values())
    return words and "revision" not in row


def _table(entry: Entry, name: str) -> Table:
    return entry.metadata.tables[name]


def _point(
    session: Session, column: Column[Any], ids: list[str], to: str, *, only: str | None = None
) -> None:
    """Let the column of these rows hold ``to``; ``only``: of those that hold that id now."""
    table = column.table
    values: dict[str, Any] = {column.name: to}
    if "version" in table.c:
        values["version"] = table.c.version + 1
    for start in range(0, len(ids), AT_ONCE):
        changed = update(table).where(table.c.id.in_(ids[start : start + AT_ONCE]))
        if only is not None:
            changed = changed.where(column == only)
        session.execute(changed.values(values))


def _give_names(entry: Entry, into: Entry) -> list[str]:
    """The names of ``entry`` become aliases of ``into``; those that are new to it."""
    names = [entry.name, *entry.aliases]
    if isinstance(entry, Organisation):
        names += [name for name in (entry.legal_name, entry.short_name) if name]
    new = [name for name in dict.fromkeys(names) if name != into.name and name not in into.aliases]
    into.aliases = [*into.aliases, *new]
    key_names(into)
    return new


def _settle_suggestions(session: Session, entry: Entry, into: Entry) -> None:
    """The suggestion of the pair is settled; others about the alias have lost their sense."""
    for suggestion in session.scalars(queries.suggestions_about(entry.id)).all():
        if {suggestion.first_id, suggestion.second_id} == {entry.id, into.id}:
            suggestion.state = "merged"
        elif suggestion.state == "open":
            session.delete(suggestion)
    session.flush()


def undo(session: Session, actor: Actor, merge: Merge, *, now: datetime) -> Merge:
    """Make two entries of one again: what was moved and is still there goes back.

    What came to the other entry since stays with it. A row that was set aside comes back unless
    what it belonged to is gone.

    Raises:
        Conflict: ``already-undone``, ``undo-expired``, ``merged-further`` (undo that one first).
    """
    ids = (merge.from_id, merge.into_id)
    both = queries.locked(session, merge.subject_type, merge.organiser_id, ids)
    session.refresh(merge)
    if merge.undone_at is not None:
        raise Conflict("already-undone", "They are two again.")
    if now > merge.undo_until:
        raise Conflict("undo-expired", "A merge can be undone for 30 days.")
    entry, into = both[merge.from_id], both[merge.into_id]
    if into.merged_into_id is not None:
        detail = "The other entry was merged further: undo that first."
        raise Conflict("merged-further", detail, conflicts_with=[into.merged_into_id])
    for name, columns in merge.moved.items():
        for column_name, rows in columns.items():
            column = _table(entry, name).c[column_name]
            _point(session, column, rows, entry.id, only=into.id)
    for name, aside in merge.set_aside.items():
        for row in aside:
            _put_back(session, _table(entry, name), row)
    entry.merged_into_id = None
    into.aliases = [name for name in into.aliases if name not in merge.names_added]
    key_names(into)
    merge.undone_at = now
    merge.set_aside = {}
    for suggestion in session.scalars(queries.suggestions_about(*ids)).all():
        suggestion.state = "open"
    session.flush()
    suggest_merges(session, actor, entry, now=now)
    changes = {"into": into.id}
    record(session, actor, f"{merge.subject_type}.merge-undone", entry, now=now, changes=changes)
    session.flush()
    session.expire_all()
    return merge


def _put_back(session: Session, table: Table, row: dict[str, Any]) -> None:
    try:
        with session.begin_nested():
            session.execute(insert(table).values(row))
    except IntegrityError:
        return  # what it belonged to is gone, or somebody entered it again


def step_suggestion(
    session: Session, actor: Actor, suggestion: MergeSuggestion, to: str, *, now: datetime
) -> MergeSuggestion:
    """Dismiss a suggestion, or take it up again.

    Raises:
        TransitionNotAllowed: of one that was merged, or that is there already.
    """
    allowed = SUGGESTION_STEPS[suggestion.state]
    if to not in allowed:
        raise TransitionNotAllowed(suggestion.state, to, allowed)
    changes = {"from": suggestion.state, "to": to}
    suggestion.state = to
    session.flush()
    record(session, actor, f"merge-suggestion.{to}", suggestion, now=now, changes=changes)
    return suggestion
