"""What is stated about organisations: figures and target countries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import Select

from eventsvc.core.errors import NotFound
from eventsvc.core.ids import is_id
from eventsvc.directory.models import Organisation, OrganisationFigure, TargetCountry


@dataclass(frozen=True)
class TargetCountryCounts:
    """Which countries are targets: one vote per organisation and country.

    ``ranking``: (ISO country, organisations that name it), most votes first, then by code.
    """

    phase: str
    countries: int
    pairs: int
    ranking: tuple[tuple[str, int], ...]


def figures_of(organisation_id: str, metrics: Sequence[str] = ()) -> Select[OrganisationFigure]:
    """The stated figures of an organisation, of some metrics or of all."""
    own = OrganisationFigure.organisation_id == organisation_id
    found = select(OrganisationFigure).where(own)
    return found.where(OrganisationFigure.metric.in_(metrics)) if metrics else found


def figure_of(session: Session, organisation_id: str, figure_id: str) -> OrganisationFigure:
    """One figure of this organisation.

    Raises:
        NotFound: there is none, it is another organisation's, or the id is malformed.
    """
    if not is_id(figure_id):
        raise NotFound
    wanted = figures_of(organisation_id).where(OrganisationFigure.id == figure_id)
    found = session.scalars(wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def target_country_counts(
    session: Session, organiser_id: str, phase: str | None = None
) -> TargetCountryCounts:
    """The countries that organisations name as targets, in one phase or in either (None).

    One vote per organisation and country, also where both phases name it. Regions that are no
    country do not count.
    """
    votes = func.count(distinct(TargetCountry.organisation_id))
    counted = (
        select(TargetCountry.country, votes)
        .join(Organisation, Organisation.id == TargetCountry.organisation_id)
        .where(
            Organisation.organiser_id == organiser_id,
            Organisation.merged_into_id.is_(None),
            TargetCountry.country.is_not(None),
        )
        .group_by(TargetCountry.country)
        .order_by(votes.desc(), TargetCountry.country)
    )
    if phase is not None:
        counted = counted.where(TargetCountry.phase == phase)
    ranking = tuple((str(country), count) for country, count in session.execute(counted))
    pairs = sum(count for _, count in ranking)
    return TargetCountryCounts(phase or "either", len(ranking), pairs, ranking)
