"""The verbs of series and editions; the only writers of their tables."""

from eventsvc.events.actions.clock import turn_one
from eventsvc.events.actions.documents import (
    LARGEST,
    add_document,
    change_document,
    download_of,
    put_content,
    remove_document,
)
from eventsvc.events.actions.editions import add_event, change_event, remove_event
from eventsvc.events.actions.milestones import (
    MILESTONES_DUE,
    add_milestone,
    change_milestone,
    step_milestone,
    tell_due,
)
from eventsvc.events.actions.notices import add_notice, change_notice, remove_notice
from eventsvc.events.actions.pages import add_page, change_page
from eventsvc.events.actions.particulars import (
    add_award,
    add_figure,
    add_key_message,
    add_link,
    add_venue,
    change_particular,
    remove_particular,
)
from eventsvc.events.actions.relations import relate, unrelate
from eventsvc.events.actions.roles import (
    add_organisation_role,
    change_organisation_role,
    remove_organisation_role,
    set_organisation_roles,
)
from eventsvc.events.actions.series import add_series, change_series, remove_series
from eventsvc.events.actions.states import transition

__all__ = [
    "LARGEST",
    "MILESTONES_DUE",
    "add_award",
    "add_document",
    "add_event",
    "add_figure",
    "add_key_message",
    "add_link",
    "add_milestone",
    "add_notice",
    "add_organisation_role",
    "add_page",
    "add_series",
    "add_venue",
    "change_document",
    "change_event",
    "change_milestone",
    "change_notice",
    "change_organisation_role",
    "change_page",
    "change_particular",
    "change_series",
    "download_of",
    "put_content",
    "relate",
    "remove_document",
    "remove_event",
    "remove_notice",
    "remove_organisation_role",
    "remove_particular",
    "remove_series",
    "set_organisation_roles",
    "step_milestone",
    "tell_due",
    "transition",
    "turn_one",
    "unrelate",
]
