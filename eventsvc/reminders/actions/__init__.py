"""Queueing what people are told: reminders, changes at once or in digests, announcements."""

from eventsvc.reminders.actions.announcements import (
    ANNOUNCE,
    add_announcement,
    announce,
    change_announcement,
    end_announcement,
    hold_announcements,
    remove_announcement,
    transition_announcement,
)
from eventsvc.reminders.actions.digests import (
    SEAL,
    hold_digest,
    note_changes,
    release_digest,
    seal_digests,
)
from eventsvc.reminders.actions.planning import (
    PLAN,
    SUPERSEDED,
    forget_event,
    forget_item,
    forget_person,
    plan_reminders,
    tell_people,
)
from eventsvc.reminders.actions.rules import add_rule, change_rule, copy_rules, remove_rule

__all__ = [
    "ANNOUNCE",
    "PLAN",
    "SEAL",
    "SUPERSEDED",
    "add_announcement",
    "add_rule",
    "announce",
    "change_announcement",
    "change_rule",
    "copy_rules",
    "end_announcement",
    "forget_event",
    "forget_item",
    "forget_person",
    "hold_announcements",
    "hold_digest",
    "note_changes",
    "plan_reminders",
    "release_digest",
    "remove_announcement",
    "remove_rule",
    "seal_digests",
    "tell_people",
    "transition_announcement",
]
