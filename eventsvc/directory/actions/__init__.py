"""The verbs of the directory."""

from eventsvc.directory.actions.figures import add_figure, change_figure, remove_figure
from eventsvc.directory.actions.merges import merge, step_suggestion, undo
from eventsvc.directory.actions.naming import add_alias, suggest_merges
from eventsvc.directory.actions.organisations import (
    add_organisation,
    change_organisation,
    remove_organisation,
    set_targets,
)
from eventsvc.directory.actions.persons import (
    add_person,
    change_person,
    person_as_printed,
    remove_person,
)
from eventsvc.directory.queries import person_named

__all__ = [
    "add_alias",
    "add_figure",
    "add_organisation",
    "add_person",
    "change_figure",
    "change_organisation",
    "change_person",
    "merge",
    "person_as_printed",
    "person_named",
    "remove_figure",
    "remove_organisation",
    "remove_person",
    "set_targets",
    "step_suggestion",
    "suggest_merges",
    "undo",
]
