"""Questions about the directory. The door's gate has judged the organiser before."""

from eventsvc.directory.queries.entries import (
    AnEntry,
    Entry,
    organisation_named,
    organisation_of,
    organisations_found,
    organisations_of,
    person_named,
    person_of,
    person_standing,
    persons_found,
    persons_of,
    references_to,
)
from eventsvc.directory.queries.likeness import (
    look_alikes,
    suggestions_about,
    suggestions_of,
    with_names,
)
from eventsvc.directory.queries.merges import (
    locked,
    merge_of,
    merges_of,
    merges_shown,
    referring_columns,
    rows_with,
    suggestion_of,
    twice,
)
from eventsvc.directory.queries.stated import (
    TargetCountryCounts,
    figure_of,
    figures_of,
    target_country_counts,
)

__all__ = [
    "AnEntry",
    "Entry",
    "TargetCountryCounts",
    "figure_of",
    "figures_of",
    "locked",
    "look_alikes",
    "merge_of",
    "merges_of",
    "merges_shown",
    "organisation_named",
    "organisation_of",
    "organisations_found",
    "organisations_of",
    "person_named",
    "person_of",
    "person_standing",
    "persons_found",
    "persons_of",
    "references_to",
    "referring_columns",
    "rows_with",
    "suggestion_of",
    "suggestions_about",
    "suggestions_of",
    "target_country_counts",
    "twice",
    "with_names",
]
