"""Doors: organisations and the ranking of their target countries."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from eventsvc.core import clock
from eventsvc.core.http import Door, actor, expect, needs
from eventsvc.core.pages import Page, page
from eventsvc.directory import actions, queries
from eventsvc.directory.models import Organisation
from eventsvc.directory.schemas import (
    OrganisationBody,
    OrganisationOut,
    OrganisationPatch,
    OrganisationQuery,
    TargetCountriesOut,
    TargetCountriesQuery,
)

SORTS = {
    "name": Organisation.name_key,
    "kind": Organisation.kind,
    "country": Organisation.country,
    "city": Organisation.city,
    "created_at": Organisation.created_at,
}

door = Door(
    "organisations",
    __name__,
    url_prefix="/api/v1/organisers/<organiser_id>/organisations",
    description="The directory: clusters, hosts, authorities, firms, initiatives",
)


@door.get("")
@needs("directory:read", gate="organiser")
@door.query(OrganisationQuery)
@door.lists(OrganisationOut, sort=tuple(SORTS))
def list_organisations(session: Session, query: dict[str, Any], organiser_id: str) -> Page:
    """List organisations of the directory."""
    found = queries.organisations_found(session, organiser_id, query)
    return page(session, found, query, sorts=SORTS, default="name")


@door.post("")
@needs("directory:write", gate="organiser")
@door.body(OrganisationBody)
@door.writes(201, OrganisationOut)
def add_organisation(session: Session, body: dict[str, Any], organiser_id: str) -> Organisation:
    """Add an organisation; look-alikes are suggested for a merge."""
    now = clock.now(session)
    return actions.add_organisation(session, actor(), organiser_id, body, now=now)


@door.get("/target-countries")
@needs("directory:read", gate="organiser")
@door.query(TargetCountriesQuery)
@door.reads(TargetCountriesOut)
def read_target_countries(
    session: Session, query: dict[str, Any], organiser_id: str
) -> dict[str, Any]:
    """Rank the countries that organisations name as targets, by phase."""
    phase = None if query["phase"] == "either" else query["phase"]
    counts = queries.target_country_counts(session, organiser_id, phase)
    ranking = [{"country": code, "organisations": votes} for code, votes in counts.ranking]
    return {**vars(counts), "ranking": ranking}


@door.get("/<organisation_id>")
@needs("directory:read", gate="organiser")
@door.reads(OrganisationOut)
def read_organisation(session: Session, organiser_id: str, organisation_id: str) -> Organisation:
    """Read an organisation."""
    return queries.organisation_of(session, organiser_id, organisation_id)


@door.patch("/<organisation_id>")
@needs("directory:write", gate="whole-organiser")
@door.body(OrganisationPatch)
@door.writes(200, OrganisationOut, precondition=True)
def change_organisation(
    session: Session, body: dict[str, Any], organiser_id: str, organisation_id: str
) -> Organisation:
    """Change an organisation."""
    found = queries.organisation_of(session, organiser_id, organisation_id)
    expect(found)
    return actions.change_organisation(session, actor(), found, body, now=clock.now(session))


@door.delete("/<organisation_id>")
@needs("directory:write", gate="whole-organiser")
@door.writes(204, precondition=True)
def remove_organisation(session: Session, organiser_id: str, organisation_id: str) -> None:
    """Remove an organisation that nothing refers to."""
    found = queries.organisation_of(session, organiser_id, organisation_id)
    expect(found)
    actions.remove_organisation(session, actor(), found, now=clock.now(session))
