"""Doors: stated figures of organisations."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from eventsvc.core import clock
from eventsvc.core.http import Door, actor, expect, needs
from eventsvc.core.pages import Page, page
from eventsvc.directory import actions, queries
from eventsvc.directory.models import OrganisationFigure
from eventsvc.directory.schemas import FigureBody, FigureOut, FigurePatch, FigureQuery

SORTS = {
    "position": OrganisationFigure.position,
    "metric": OrganisationFigure.metric,
    "value": OrganisationFigure.value,
}

door = Door(
    "organisation-figures",
    __name__,
    url_prefix="/api/v1/organisers/<organiser_id>/organisations/<organisation_id>/figures",
    description="Stated figures of an organisation, with operator and source",
)


@door.get("")
@needs("directory:read", gate="organiser")
@door.query(FigureQuery)
@door.lists(FigureOut, sort=tuple(SORTS))
def list_organisation_figures(
    session: Session, query: dict[str, Any], organiser_id: str, organisation_id: str
) -> Page:
    """List the stated figures of an organisation."""
    found = queries.organisation_of(session, organiser_id, organisation_id)
    figures = queries.figures_of(found.id, query.get("metric", ()))
    return page(session, figures, query, sorts=SORTS, default="position")


@door.post("")
@needs("directory:write", gate="whole-organiser")
@door.body(FigureBody)
@door.writes(201, FigureOut)
def add_organisation_figure(
    session: Session, body: dict[str, Any], organiser_id: str, organisation_id: str
) -> OrganisationFigure:
    """Add a stated figure."""
    found = queries.organisation_of(session, organiser_id, organisation_id)
    return actions.add_figure(session, actor(), found, body, now=clock.now(session))


@door.get("/<figure_id>")
@needs("directory:read", gate="organiser")
@door.reads(FigureOut)
def read_organisation_figure(
    session: Session, organiser_id: str, organisation_id: str, figure_id: str
) -> OrganisationFigure:
    """Read a stated figure."""
    found = queries.organisation_of(session, organiser_id, organisation_id)
    return queries.figure_of(session, found.id, figure_id)


@door.patch("/<figure_id>")
@needs("directory:write", gate="whole-organiser")
@door.body(FigurePatch)
@door.writes(200, FigureOut, precondition=True)
def change_organisation_figure(
    session: Session, body: dict[str, Any], organiser_id: str, organisation_id: str, figure_id: str
) -> OrganisationFigure:
    """Change a stated figure."""
    found = queries.organisation_of(session, organiser_id, organisation_id)
    figure = queries.figure_of(session, found.id, figure_id)
    expect(figure)
    now = clock.now(session)
    return actions.change_figure(session, actor(), found, figure, body, now=now)


@door.delete("/<figure_id>")
@needs("directory:write", gate="whole-organiser")
@door.writes(204, precondition=True)
def remove_organisation_figure(
    session: Session, organiser_id: str, organisation_id: str, figure_id: str
) -> None:
    """Remove a stated figure."""
    found = queries.organisation_of(session, organiser_id, organisation_id)
    figure = queries.figure_of(session, found.id, figure_id)
    expect(figure)
    actions.remove_figure(session, actor(), found, figure, now=clock.now(session))
