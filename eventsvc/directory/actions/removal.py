"""Taking an entry out of the directory: only where nothing refers to it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from eventsvc.audit.actions import record
from eventsvc.core.errors import Conflict
from eventsvc.core.rights import Actor
from eventsvc.directory import queries
from eventsvc.directory.actions.naming import forget_suggestions
from eventsvc.directory.queries import Entry

IN_USE = "Something refers to it: remove that first, or keep the entry."


def refuse_alias(entry: Entry) -> None:
    """Refuse to change or remove what is only an alias of another entry.

    Raises:
        Conflict: ``already-merged``; ``conflicts_with`` names the other.
    """
    if entry.merged_into_id is not None:
        detail = "It is an alias: change the other entry, or undo the merge."
        raise Conflict("already-merged", detail, conflicts_with=[entry.merged_into_id])


def remove(session: Session, actor: Actor, entry: Entry, action: str, *, now: datetime) -> None:
    """Remove an entry with the suggestions about it.

    Raises:
        Conflict: ``in-use``; ``conflicts_with`` names rows that refer to it; ``already-merged``.
    """
    refuse_alias(entry)
    referring = queries.references_to(session, entry)
    if referring:
        raise Conflict("in-use", IN_USE, conflicts_with=referring)
    forget_suggestions(session, entry)
    record(session, actor, action, entry, now=now)
    try:
        with session.begin_nested():
            session.delete(entry)
    except IntegrityError as error:  # referred to since we looked
        raise Conflict("in-use", IN_USE) from error
