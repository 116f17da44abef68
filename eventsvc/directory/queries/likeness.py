"""Who looks like whom: candidates for a merge, and the suggestions made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import Select

from eventsvc.directory import policy
from eventsvc.directory.models import MergeSuggestion, Organisation, Person
from eventsvc.directory.queries.entries import Entry, is_line

SHOWN = ("id", "subject_type", "confidence", "reason", "state", "created_at", "version")


def look_alikes(session: Session, entry: Entry) -> list[tuple[Entry, str]]:
    """Other entries whose folded name is the same (``same``) or nearly so (``near``).

    One query: the database finds candidates by parts of the name, the policy decides.
    """
    model: type[Entry] = type(entry)
    keys = entry.search_text.strip("\n").split("\n")
    alike = [is_line(model.search_text, key) for key in keys]
    alike += [
        model.name_key.contains(part, autoescape=True) for part in policy.pieces(entry.name_key)
    ]
    others: Select[Any] = select(model).where(
        model.organiser_id == entry.organiser_id,
        model.id != entry.id,
        model.merged_into_id.is_(None),
        or_(*alike),
    )
    found: list[tuple[Entry, str]] = []
    for other in session.scalars(others.order_by(model.created_at, model.id)):
        if set(keys) & set(other.search_text.strip("\n").split("\n")):
            found.append((other, "same"))
        elif policy.nearly_equal(entry.name_key, other.name_key):
            found.append((other, "near"))
    return found


def suggestions_of(organiser_id: str, filters: Mapping[str, Any]) -> Select[MergeSuggestion]:
    """Suggestions to merge, by ``subject_type`` and ``state`` (list, or); any may be missing."""
    found = select(MergeSuggestion).where(MergeSuggestion.organiser_id == organiser_id)
    if filters.get("subject_type"):
        found = found.where(MergeSuggestion.subject_type == filters["subject_type"])
    if filters.get("state"):
        found = found.where(MergeSuggestion.state.in_(filters["state"]))
    return found


def suggestions_about(*entry_ids: str) -> Select[MergeSuggestion]:
    """The suggestions in which each of these entries stands; with two ids, that of the pair."""
    found = select(MergeSuggestion)
    for entry_id in entry_ids:
        either = MergeSuggestion.first_id == entry_id, MergeSuggestion.second_id == entry_id
        found = found.where(or_(*either))
    return found


def with_names(session: Session, suggestions: Sequence[MergeSuggestion]) -> list[dict[str, Any]]:
    """The suggestions with ``first`` and ``second`` as id and name; two queries at most."""
    names = _names_of(session, suggestions)
    return [
        {
            **{name: getattr(suggestion, name) for name in SHOWN},
            "first": {"id": suggestion.first_id, "name": names.get(suggestion.first_id)},
            "second": {"id": suggestion.second_id, "name": names.get(suggestion.second_id)},
        }
        for suggestion in suggestions
    ]


def _names_of(session: Session, suggestions: Sequence[MergeSuggestion]) -> dict[str, str]:
    names: dict[str, str] = {}
    kinds: tuple[tuple[str, type[Organisation | Person]], ...] = (
        ("organisation", Organisation),
        ("person", Person),
    )
    for subject_type, model in kinds:
        about = [s for s in suggestions if s.subject_type == subject_type]
        ids = {s.first_id for s in about} | {s.second_id for s in about}
        if ids:
            rows = session.execute(select(model.id, model.name).where(model.id.in_(ids)))
            names.update((row[0], row[1]) for row in rows)
    return names
