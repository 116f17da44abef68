"""What the doors of the directory take and answer."""

from eventsvc.directory.schemas.figures import (
    AlikeOut,
    FigureBody,
    FigureOut,
    FigurePatch,
    FigureQuery,
    MergeBody,
    MergeOut,
    MergeQuery,
    MergeSuggestionOut,
    MergeSuggestionQuery,
    MergeSuggestionTransitionBody,
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
    "MergeBody",
    "MergeOut",
    "MergeQuery",
    "MergeSuggestionOut",
    "MergeSuggestionQuery",
    "MergeSuggestionTransitionBody",
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
