"""One import under way: whose it is, what it may look up, what became of each row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from eventsvc.core.errors import FieldError, Invalid, Refusal
from eventsvc.core.rights import Actor
from eventsvc.events.models import Event
from eventsvc.imports.policy import CREATE, ERROR, UPDATE, RowOutcome, decide
from eventsvc.imports.text import ReadRow


@dataclass
class Run:
    """What every row of an import needs."""

    session: Session
    actor: Actor
    event: Event
    match: str
    now: datetime
    seen: dict[str, Any] = field(default_factory=dict)

    def once(self, name: str, ask: Callable[[], Any]) -> Any:
        """What ``ask`` answers, asked once in this import."""
        if name not in self.seen:
            self.seen[name] = ask()
        return self.seen[name]


@dataclass(frozen=True)
class Kind:
    """How one kind of rows is matched and written.

    ``known``: external id → what is there, in one query. ``values``: names resolved to ids.
    ``differs``: whether what is there is otherwise than the values say.
    """

    known: Callable[[Run, list[str]], dict[str, Any]]
    values: Callable[[Run, Mapping[str, Any]], dict[str, Any]]
    differs: Callable[[Any, Mapping[str, Any]], bool]
    add: Callable[[Run, Mapping[str, Any]], Any]
    change: Callable[[Run, Any, Mapping[str, Any]], Any]


def write_rows(run: Run, kind: Kind, rows: Iterable[ReadRow]) -> list[RowOutcome]:
    """Write every row in order; one that is refused leaves no trace and does not stop the others,
    so that all errors are told at once.
    """
    rows = list(rows)
    wanted = [row.values["external_id"] for row in rows if row.values.get("external_id")]
    known = kind.known(run, wanted) if wanted else {}
    return [_write(run, kind, known, row) for row in rows]


def _write(run: Run, kind: Kind, known: Mapping[str, Any], row: ReadRow) -> RowOutcome:
    if row.errors:
        return RowOutcome(row.line, ERROR, errors=row.errors)
    there = known.get(row.values.get("external_id") or "")
    try:
        with run.session.begin_nested():
            return _one(run, kind, there, row)
    except Refusal as refusal:
        return RowOutcome(row.line, ERROR, errors=errors_of(refusal))
    except IntegrityError:
        error = FieldError("", "conflict", "It collides with something that is there already.")
        return RowOutcome(row.line, ERROR, errors=[error])


def _one(run: Run, kind: Kind, there: Any, row: ReadRow) -> RowOutcome:
    values = kind.values(run, row.values)
    differs = there is not None and kind.differs(there, values)
    action = decide(known=there is not None, differs=differs, match=run.match)
    if action == CREATE:
        there = kind.add(run, values)
    elif action == UPDATE:
        there = kind.change(run, there, values)
    return RowOutcome(row.line, action, id=there.id)


def errors_of(refusal: Refusal) -> list[FieldError]:
    """What a refusal says, as errors of a row."""
    if isinstance(refusal, Invalid):
        return refusal.errors
    return [FieldError("", refusal.code, refusal.detail or refusal.title)]
