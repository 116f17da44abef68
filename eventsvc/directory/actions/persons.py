"""Persons: added, changed, removed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from eventsvc.audit.actions import record
from eventsvc.core.rights import Actor
from eventsvc.directory import queries
from eventsvc.directory.actions.naming import add_alias, key_names, suggest_merges
from eventsvc.directory.actions.removal import refuse_alias, remove
from eventsvc.directory.models import Person

NAMES = frozenset({"name", "aliases"})


def add_person(
    session: Session, actor: Actor, organiser_id: str, values: Mapping[str, Any], *, now: datetime
) -> Person:
    """Add a person to the directory; ``values``: columns of :class:`Person`, at least ``name``.

    A person of the same or nearly the same name is suggested for a merge, never taken instead.
    """
    values = {"aliases": [], **values}
    person = Person(organiser_id=organiser_id, created_at=now, **values)
    key_names(person)
    session.add(person)
    session.flush()
    record(session, actor, "person.added", person, now=now)
    suggest_merges(session, actor, person, now=now)
    return person


def person_as_printed(
    session: Session, actor: Actor, organiser_id: str, values: Mapping[str, Any], *, now: datetime
) -> Person:
    """The person of this name, added when there is none; a new spelling is kept as an alias.

    For seeds and imports that bring names as printed: "Anais Le Corvec" and "Anaïs Le Corvec"
    are one person, "Jan-Philippe Kramer" and "Jan-Philipp Kramer" two and a suggestion.
    """
    found = queries.person_named(session, organiser_id, values["name"])
    if found is None:
        return add_person(session, actor, organiser_id, values, now=now)
    return add_alias(session, actor, found, values["name"], now=now)


def change_person(
    session: Session, actor: Actor, person: Person, values: Mapping[str, Any], *, now: datetime
) -> Person:
    """Change a person; ``values`` holds only what changes.

    Raises:
        Conflict: ``already-merged``: it is an alias.
    """
    refuse_alias(person)
    changed = sorted(name for name, value in values.items() if getattr(person, name) != value)
    if not changed:
        return person
    for name in changed:
        setattr(person, name, values[name])
    key_names(person)
    session.flush()
    record(session, actor, "person.changed", person, now=now, changes={"fields": changed})
    if NAMES & set(changed):
        suggest_merges(session, actor, person, now=now)
    return person


def remove_person(session: Session, actor: Actor, person: Person, *, now: datetime) -> None:
    """Remove a person that nothing refers to.

    Raises:
        Conflict: ``in-use``.
    """
    remove(session, actor, person, "person.removed", now=now)
