"""Synthetic entries of the directory."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from eventsvc.accounts.models import Organiser
from eventsvc.core import clock
from eventsvc.core.rights import system
from eventsvc.directory import actions
from eventsvc.directory.models import Organisation, Person

HOUSE = system("test")


def an_organisation(
    session: Session, organiser: Organiser, name: str = "Example Cluster", **values: Any
) -> Organisation:
    """An organisation, a cluster unless told."""
    fields = {"name": name, "kind": "cluster", **values}
    now = clock.now(session)
    return actions.add_organisation(session, HOUSE, organiser.id, fields, now=now)


def a_person(
    session: Session, organiser: Organiser, name: str = "Eva Beispiel", **values: Any
) -> Person:
    """A person."""
    now = clock.now(session)
    return actions.add_person(session, HOUSE, organiser.id, {"name": name, **values}, now=now)


def targets(phase: str, *countries: str) -> list[dict[str, Any]]:
    """Targets of one phase."""
    return [{"phase": phase, "country": country} for country in countries]
