"""Keys of an entry's names, its aliases, and suggestions to merge look-alikes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from eventsvc.audit.actions import record
from eventsvc.core.rights import Actor
from eventsvc.directory import policy, queries
from eventsvc.directory.models import MergeSuggestion, Organisation, Person
from eventsvc.directory.queries import AnEntry, Entry

REASONS = {
    "same": "A name is the same without accents, case and titles",
    "near": "The names differ in one or two letters",
}


def key_names(entry: Entry) -> None:
    """Derive the search columns from the names; called before each flush that changes a name."""
    if isinstance(entry, Person):
        keys = [policy.person_key(name) for name in (entry.name, *entry.aliases)]
    else:
        names = (entry.name, entry.legal_name, entry.short_name, *entry.aliases)
        keys = [policy.organisation_key(name) for name in names if name]
    entry.name_key = keys[0]
    entry.search_text = policy.search_lines(keys)


def add_alias(
    session: Session, actor: Actor, entry: AnEntry, alias: str, *, now: datetime
) -> AnEntry:
    """Keep another spelling of an organisation's or person's name, as printed.

    A spelling that is there already changes nothing.
    """
    if alias == entry.name or alias in entry.aliases:
        return entry
    entry.aliases = [*entry.aliases, alias]
    key_names(entry)
    session.flush()
    record(session, actor, f"{_type(entry)}.alias-added", entry, now=now)
    suggest_merges(session, actor, entry, now=now)
    return entry


def suggest_merges(
    session: Session, actor: Actor, entry: Entry, *, now: datetime
) -> list[MergeSuggestion]:
    """Suggest a merge with every look-alike, once per pair; nothing is merged."""
    alike = queries.look_alikes(session, entry)
    about = session.scalars(queries.suggestions_about(entry.id)) if alike else ()
    known = {id_ for suggestion in about for id_ in (suggestion.first_id, suggestion.second_id)}
    made = []
    for other, likeness in alike:
        if other.id in known:
            continue
        suggestion = MergeSuggestion(
            organiser_id=entry.organiser_id,
            subject_type=_type(entry),
            first_id=other.id,
            second_id=entry.id,
            confidence=likeness,
            reason=REASONS[likeness],
            created_at=now,
        )
        session.add(suggestion)
        session.flush()
        record(session, actor, "merge.suggested", suggestion, now=now)
        made.append(suggestion)
    return made


def forget_suggestions(session: Session, entry: Entry) -> None:
    """Drop the suggestions about an entry that goes."""
    named = or_(MergeSuggestion.first_id == entry.id, MergeSuggestion.second_id == entry.id)
    session.execute(delete(MergeSuggestion).where(named))


def _type(entry: Entry) -> str:
    return "organisation" if isinstance(entry, Organisation) else "person"
