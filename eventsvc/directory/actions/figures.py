"""Stated figures of organisations. Operator and source are part of the fact (design law 8)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from eventsvc.audit.actions import record
from eventsvc.core.rights import Actor
from eventsvc.directory import queries
from eventsvc.directory.models import Organisation, OrganisationFigure


def add_figure(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    values: Mapping[str, Any],
    *,
    now: datetime,
) -> OrganisationFigure:
    """Add a stated figure: ``metric``, ``operator`` (= > ≥ ~ <), ``value`` and, where known,
    ``unit``, ``printed``, ``note``, ``source``, ``preferred``, ``context``, ``position``
    (behind the others when left out)."""
    last = select(func.max(OrganisationFigure.position)).where(
        OrganisationFigure.organisation_id == organisation.id
    )
    values = dict(values)
    if values.get("position") is None:
        highest = session.scalar(last)
        values["position"] = 0 if highest is None else highest + 1
    figure = OrganisationFigure(organisation_id=organisation.id, **values)
    session.add(figure)
    session.flush()
    _prefer_only(session, figure)
    _note(session, actor, "organisation.figure-added", organisation, figure, now=now)
    return figure


def change_figure(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    figure: OrganisationFigure,
    values: Mapping[str, Any],
    *,
    now: datetime,
) -> OrganisationFigure:
    """Change a figure; ``values`` holds only what changes."""
    changed = [name for name, value in values.items() if getattr(figure, name) != value]
    for name in changed:
        setattr(figure, name, values[name])
    if changed:
        session.flush()
        _prefer_only(session, figure)
        _note(session, actor, "organisation.figure-changed", organisation, figure, now=now)
    return figure


def remove_figure(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    figure: OrganisationFigure,
    *,
    now: datetime,
) -> None:
    """Remove a figure."""
    _note(session, actor, "organisation.figure-removed", organisation, figure, now=now)
    session.delete(figure)
    session.flush()


def _prefer_only(session: Session, figure: OrganisationFigure) -> None:
    """Of several figures of one metric one is preferred: the mark moves."""
    if not figure.preferred:
        return
    others = queries.figures_of(figure.organisation_id).where(
        OrganisationFigure.metric == figure.metric,
        OrganisationFigure.preferred.is_(True),
        OrganisationFigure.id != figure.id,
    )
    for other in session.scalars(others):
        other.preferred = False
    session.flush()


def _note(
    session: Session,
    actor: Actor,
    action: str,
    organisation: Organisation,
    figure: OrganisationFigure,
    *,
    now: datetime,
) -> None:
    changes = {"figure_id": figure.id, "metric": figure.metric}
    record(session, actor, action, organisation, now=now, changes=changes)
