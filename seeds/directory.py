"""Organisations and persons into the directory, through its verbs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from eventsvc.core.rights import Actor
from eventsvc.directory import actions, queries
from seeds import files

PLAIN = (
    "slug",
    "name",
    "legal_name",
    "short_name",
    "aliases",
    "kind",
    "secondary_kind",
    "kind_basis",
    "leading_edge",
    "city",
    "region",
    "country",
    "country_basis",
    "description",
    "tags",
    "sources",
)


def load_organisations(
    session: Session, actor: Actor, organiser_id: str, *, now: datetime
) -> dict[str, str]:
    """Add the organisations and initiatives that are not there; ids by slug."""
    ids = {row.slug: row.id for row in session.scalars(queries.organisations_of(organiser_id))}
    for fact in files.organisations():
        if fact["slug"] not in ids:
            ids[fact["slug"]] = _add(session, actor, organiser_id, fact, now=now)
    for fact in files.initiatives():
        if fact["slug"] not in ids:
            values = {"kind_basis": "printed", **fact, "initiative": True}
            row = actions.add_organisation(session, actor, organiser_id, values, now=now)
            ids[fact["slug"]] = row.id
    return ids


def _add(
    session: Session, actor: Actor, organiser_id: str, fact: dict[str, Any], *, now: datetime
) -> str:
    values = {name: fact[name] for name in PLAIN if name in fact}
    values["targets"] = list(_targets(fact))
    values["archive"] = _archive(fact)
    values["countries_in_description"] = fact.get("archive", {}).get("countries_in_description", [])
    row = actions.add_organisation(session, actor, organiser_id, values, now=now)
    for figure in fact.get("figures", ()):
        actions.add_figure(session, actor, row, figure, now=now)
    return row.id


def _targets(fact: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for phase, line in fact.get("targets", {}).items():
        for country in line.get("countries", ()):
            yield {"phase": phase, "country": country}
        for region in line.get("other", ()):
            yield {"phase": phase, "region": region, "printed": region}


def _archive(fact: dict[str, Any]) -> dict[str, Any]:
    """What has no column of its own; the target lines stay as printed."""
    printed = {phase: line["printed"] for phase, line in fact.get("targets", {}).items()}
    archive = {
        name: value
        for name, value in fact.get("archive", {}).items()
        if name != "countries_in_description"
    }
    if printed:
        archive["targets_printed"] = printed
    if fact.get("description_in_source") is False:
        archive["description_in_source"] = False
    return archive


class Persons:
    """Persons by the exact spelling; another spelling is another person and a suggestion.

    Look-alikes are suggested for a merge, never merged silently (api.md §6).
    """

    def __init__(self, session: Session, actor: Actor, organiser_id: str, now: datetime) -> None:
        self.session = session
        self.actor = actor
        self.organiser_id = organiser_id
        self.now = now
        known = session.scalars(queries.persons_of(organiser_id))
        self.ids = {row.name: row.id for row in known}

    def id_of(self, fact: dict[str, Any]) -> str:
        """The id of the person of a fact, added when there is none of this spelling."""
        name = fact["name"]
        if name not in self.ids:
            values = {"name": name, "sources": [fact["source"]]}
            row = actions.add_person(
                self.session, self.actor, self.organiser_id, values, now=self.now
            )
            self.ids[name] = row.id
        return self.ids[name]
