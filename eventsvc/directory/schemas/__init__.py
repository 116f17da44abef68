"""What the doors of the directory take and answer."""

from eventsvc.directory.schemas.figures import (
    AlikeOut,
    FigureBody,
    FigureOut,
    FigurePatch,
    FigureQuery,
    MergeSuggestionOut,
    MergeSuggestionQuery,
)
from eventsvc.directory.schemas.organisations import (
    CountryVotesOut,
    OrganisationBody,
    OrganisationOut,
    OrganisationPatch,
    OrganisationQuery,
    TargetBody,
    TargetCountriesOut,
    TargetCountriesQuery,
    TargetOut,
)
from eventsvc.directory.schemas.persons import PersonBody, PersonOut, PersonPatch, PersonQuery

__all__ = [
    "AlikeOut",
    "CountryVotesOut",
    "FigureBody",
    "FigureOut",
    "FigurePatch",
    "FigureQuery",
    "MergeSuggestionOut",
    "MergeSuggestionQuery",
    "OrganisationBody",
    "OrganisationOut",
    "OrganisationPatch",
    "OrganisationQuery",
    "PersonBody",
    "PersonOut",
    "PersonPatch",
    "PersonQuery",
    "TargetBody",
    "TargetCountriesOut",
    "TargetCountriesQuery",
    "TargetOut",
]
